/** Whether first bytes are the beginning of something; `more` while they could still become it. */
export type Sniff = (bytes: Uint8Array) => 'yes' | 'no' | 'more';

/** What first bytes turned out to be. */
export type Detection<T> =
  | { readonly type: 'found'; readonly found: T }
  | { readonly type: 'more' }
  | { readonly type: 'unknown' };

/** As many first bytes are looked at; then what they hold decides. */
export const DETECT_BYTES = 4 * 1024;

/** Asks every candidate about the bytes received so far, never about more than the first `DETECT_BYTES` of them. */
export function detect<T extends { readonly sniff: Sniff }>(candidates: readonly T[], bytes: Uint8Array): Detection<T> {
  const first = bytes.subarray(0, DETECT_BYTES); // PORT-05
  let undecided = false;
  for (const candidate of candidates) {
    const answer = candidate.sniff(first);
    if (answer === 'yes') return { type: 'found', found: candidate }; // PORT-03
    if (answer === 'more') undecided = true; // PORT-04
  }
  return undecided && bytes.length < DETECT_BYTES ? { type: 'more' } : { type: 'unknown' }; // PORT-05
}
