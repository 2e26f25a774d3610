import { topLevelKeys } from '../../lib/json-keys.ts';
import { DETECT_BYTES, type Sniff } from '../../transports/accept/detect.ts';

/** Recognises an object with the key `cmd`, whatever other keys it has. */
export const sniff: Sniff = (bytes) => {
  const found = topLevelKeys(bytes);
  if (found === null) return 'no'; // CODE-08
  if (found.keys.has('cmd')) return 'yes'; // CODE-08
  return found.ended || bytes.length >= DETECT_BYTES ? 'no' : 'more'; // CODE-08
};
