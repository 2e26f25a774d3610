import { crc32 } from 'node:zlib';
import { integer, type Row, text } from './database.ts';

/** A value as it is stored: JSON, and a checksum by which a damaged one is found. */
export type Sealed = { readonly body: string; readonly sum: number };

export function seal(value: unknown): Sealed {
  const body = JSON.stringify(value);
  return { body, sum: crc32(body) };
}

/** Reads back what `seal` made from the columns `body` and `sum`; throws when they do not belong together (STORE-43). */
export function unseal<T>(row: Row): T {
  const body = text(row, 'body');
  if (crc32(body) !== integer(row, 'sum')) throw new Error('the database holds damaged data'); // STORE-43
  return JSON.parse(body) as T;
}
