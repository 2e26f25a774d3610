import { topLevelKeys } from '../../lib/json-keys.ts';
import { DETECT_BYTES, type Sniff } from '../../transports/accept/detect.ts';

/** Recognises an object with the keys `type` and `cls`. With `cmd` the object belongs to another protocol. */
export const sniff: Sniff = (bytes) => {
  const found = topLevelKeys(bytes);
  if (found === null || found.keys.has('cmd')) return 'no'; // DOC-08
  if (!found.ended && bytes.length < DETECT_BYTES) return 'more'; // DOC-08
  return found.keys.has('type') && found.keys.has('cls') ? 'yes' : 'no'; // DOC-08
};
