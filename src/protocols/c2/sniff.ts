import type { Sniff } from '../../transports/accept/detect.ts';

const MARK = new TextEncoder().encode('c2/');

/** Recognises `c2/`; a beginning of it may still become it. */
export const sniff: Sniff = (bytes) => {
  const length = Math.min(bytes.length, MARK.length);
  for (let index = 0; index < length; index++) if (bytes[index] !== MARK[index]) return 'no'; // C2-12
  return length === MARK.length ? 'yes' : 'more'; // C2-12
};
