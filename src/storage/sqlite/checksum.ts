import { crc32 } from 'node:zlib';
import { integer, type Row, text, type Value } from './database.ts';

/** A value as it is stored: JSON, and a checksum that reveals a damaged or misplaced row. */
export type EncodedRow = { readonly body: string; readonly sum: number };

/** Encodes a value for a row; `key` is the values of the row's other columns. */
export function encodeRow(value: unknown, ...key: readonly Value[]): EncodedRow {
  const body = JSON.stringify(value);
  return { body, sum: sumOf(body, key) };
}

/** Decodes the columns `body` and `sum` of a row; throws when they are not what was stored under this key. */
export function decodeRow<T>(row: Row, ...key: readonly Value[]): T {
  const body = text(row, 'body');
  if (sumOf(body, key) !== integer(row, 'sum')) throw new Error('the database holds damaged data'); // STORE-43
  return JSON.parse(body) as T;
}

function sumOf(body: string, key: readonly Value[]): number {
  return crc32(body, crc32(key.join('\n')));
}
