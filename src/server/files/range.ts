/** The first and the last byte of a part of a file. */
export type ByteRange = { readonly first: number; readonly last: number };

const RANGE = /^bytes=(\d{0,16})-(\d{0,16})$/i;

/**
 * The part of so many bytes that a header `Range` asks for; null for all of them, also where it asks for several parts or cannot be
 * read (RFC 9110, 14.2); `unsatisfiable` if it begins after the end.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const [, from = '', to = ''] = RANGE.exec(header?.replaceAll(/[ \t]/g, '') ?? '') ?? [];
  if (from === '' && to === '') return null; // SERVER-274
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 }; // SERVER-274
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return null;
  if (first >= size) return 'unsatisfiable'; // SERVER-274
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}
