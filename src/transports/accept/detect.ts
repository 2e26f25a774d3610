/** Whether first bytes belong to a protocol; `more` while more bytes are needed to tell. */
export type Sniff = (bytes: Uint8Array) => 'yes' | 'no' | 'more';

/** The candidate that first bytes belong to, if there is one. */
export type Detection<T> =
  | { readonly type: 'found'; readonly found: T }
  | { readonly type: 'more' }
  | { readonly type: 'unknown' };

/** How many first bytes are examined; after that, `more` counts as no. */
export const DETECT_BYTES = 4 * 1024;

/** Asks every candidate about the first bytes received so far, at most `DETECT_BYTES` of them. */
export function detect<T extends { readonly sniff: Sniff }>(candidates: readonly T[], bytes: Uint8Array): Detection<T> {
  const first = bytes.subarray(0, DETECT_BYTES); // PORT-05
  let isUndecided = false;
  for (const candidate of candidates) {
    const answer = candidate.sniff(first);
    if (answer === 'yes') return { type: 'found', found: candidate }; // PORT-03
    if (answer === 'more') isUndecided = true; // PORT-04
  }
  return isUndecided && bytes.length < DETECT_BYTES ? { type: 'more' } : { type: 'unknown' }; // PORT-05
}
