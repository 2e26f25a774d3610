import { topLevelKeys } from '../../lib/json-keys.ts';
import { DETECT_BYTES, type Sniff } from '../../transports/accept/detect.ts';

/** Recognises an object with the key `message`. With `cmd` or `cls` the object belongs to another protocol. */
export const sniff: Sniff = (bytes) => {
  const found = topLevelKeys(bytes);
  if (found === null || found.keys.has('cmd') || found.keys.has('cls')) return 'no'; // TAG-08
  if (!found.ended && bytes.length < DETECT_BYTES) return 'more'; // TAG-08
  return found.keys.has('message') ? 'yes' : 'no'; // TAG-08
};
