const OBJECT_BYTES = 32;
const FIELD_BYTES = 8;
/** A number that is no small integer has an object of its own. */
const NUMBER_BYTES = 16;
const STRING_BYTES = 24;
const SMALL_INTEGER = 2 ** 31;

/** An estimate of the bytes of a plain value in memory on a 64-bit engine, as if it shared nothing. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return STRING_BYTES + value.length;
  if (typeof value === 'number') return Math.abs(value) < SMALL_INTEGER ? 0 : NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = OBJECT_BYTES;
  for (const part of Object.values(value)) bytes += FIELD_BYTES + bytesOf(part);
  return bytes;
}
