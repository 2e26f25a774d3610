import { topLevelKeys } from '../../lib/json-keys.ts';
import type { Sniff } from '../../transports/detect.ts';

/** As many bytes as are looked at; then what they hold decides. */
const ENOUGH = 4 * 1024;

/** Recognises an object that has a `cmd`, whatever else it has. */
export const sniff: Sniff = (bytes) => {
  const found = topLevelKeys(bytes);
  if (found === null) return 'no'; // CODE-08
  if (found.keys.has('cmd')) return 'yes'; // CODE-08
  return found.ended || bytes.length >= ENOUGH ? 'no' : 'more'; // CODE-08
};
