import { crc32 } from 'node:zlib';
import { integer, type Row, text, type Value } from './database.ts';

/** A value as it is stored: JSON, and a checksum by which a damaged or misplaced one is found. */
export type EncodedRow = { readonly body: string; readonly sum: number };

/** Makes a value fit to be stored under a key, given as the values of its columns. */
export function encodeRow(value: unknown, ...key: readonly Value[]): EncodedRow {
  const body = JSON.stringify(value);
  return { body, sum: sumOf(body, key) };
}

/** Reads back what `seal` made from the columns `body` and `sum`; throws when it is not what was stored under this key. */
export function decodeRow<T>(row: Row, ...key: readonly Value[]): T {
  const body = text(row, 'body');
  if (sumOf(body, key) !== integer(row, 'sum')) throw new Error('the database holds damaged data'); // STORE-43
  return JSON.parse(body) as T;
}

function sumOf(body: string, key: readonly Value[]): number {
  return crc32(body, crc32(key.join('\n')));
}
