/** The kinds of pictures that people may upload. */
type PictureFormat = 'png' | 'jpeg' | 'gif' | 'webp';

/** What such a file begins with; `.` is any byte. */
const STARTS: readonly (readonly [PictureFormat, RegExp])[] = [
  ['png', /^\x89PNG\r\n\x1a\n/],
  ['jpeg', /^\xff\xd8\xff/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
];
const LONGEST_START = 12;

/** What kind of picture these bytes begin like; null if like none that is accepted. */
export function formatOf(bytes: Uint8Array): PictureFormat | null {
  const start = Buffer.from(bytes.subarray(0, LONGEST_START)).toString('latin1');
  return STARTS.find(([, pattern]) => pattern.test(start))?.[0] ?? null; // SERVER-174
}
