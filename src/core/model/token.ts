import { sha256 } from '../../lib/sha256.ts';
import type { PersonId } from './ids.ts';

/** A login token as it is stored: its SHA-256 as hex digits, never the token itself. Times are milliseconds since 1970. */
export type Token = {
  readonly digest: string;
  readonly person: PersonId;
  readonly issuedAt: number;
  readonly expires: number;
};

/** Why one token ended: its person asked for that, it expired, or the person had too many. */
export type TokenEnd = 'asked' | 'expired' | 'too-many';

/** The most tokens of one person. */
export const MAX_TOKENS = 100;

const DAY_MS = 24 * 60 * 60 * 1_000;
const IDLE_MS = 14 * DAY_MS;
const LIFE_MS = 90 * DAY_MS;

/** The digest of a token as its client writes it: in upper or lower case, as a UUID may be. */
export function tokenDigest(secret: string): string {
  return sha256(secret.toLowerCase()); // WORLD-99
}

export function newToken(digest: string, person: PersonId, now: number): Token {
  return { digest, person, issuedAt: now, expires: now + IDLE_MS };
}

export function isExpired({ expires }: Token, now: number): boolean {
  return expires <= now; // WORLD-91
}

/** The token after a use at `now`; null if it was extended within the last day, or already lasts 90 days in all. */
export function extended(token: Token, now: number): Token | null {
  const lastExtended = token.expires - IDLE_MS;
  if (now - lastExtended <= DAY_MS) return null; // WORLD-91
  const expires = Math.min(now + IDLE_MS, token.issuedAt + LIFE_MS);
  return expires > token.expires ? { ...token, expires } : null; // WORLD-91
}
