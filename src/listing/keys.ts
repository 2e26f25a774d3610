import { timingSafeEqual } from 'node:crypto';
import type { Ids } from '../core/ports.ts';
import { sha256 } from '../lib/sha256.ts';

const FIT = /^[0-9a-f]{64}$/;
const HEADER = /^C2Listing +([\w.~+/=-]{1,128})$/i;

/** A new key: 256 random bits as text. */
export function newKey(ids: Pick<Ids, 'identity'>): string {
  return ids.identity() + ids.identity(); // LIST-10
}

/** Whether a text may become the key of a new entry: it is as long as ours are. */
export function isFit(key: string): boolean {
  return FIT.test(key); // LIST-24
}

/** What is stored of a key. A key has so many random bits that a salt would add nothing. */
export function keyDigest(key: string): string {
  return sha256(key); // LIST-10
}

/** Whether a key is that of this digest; takes the same time for every wrong key. */
export function isKey(key: string | null, digest: string): boolean {
  return timingSafeEqual(Buffer.from(keyDigest(key ?? '')), Buffer.from(digest)); // LIST-10
}

/** The key in an `Authorization` header; null if it has none. */
export function keyIn(authorization: string | undefined): string | null {
  return HEADER.exec(authorization?.trim() ?? '')?.[1] ?? null; // LIST-11
}
