import { topLevelKeys } from '../../lib/json-keys.ts';
import type { Sniff } from '../../transports/detect.ts';

/** As many bytes as are looked at; then what they hold decides. */
const ENOUGH = 4 * 1024;

/** Recognises an object that has a `message`; other protocols' objects may have one too, beside a `cmd` or a `cls`. */
export const sniff: Sniff = (bytes) => {
  const found = topLevelKeys(bytes);
  if (found === null || found.keys.has('cmd') || found.keys.has('cls')) return 'no'; // TAG-08
  if (!found.ended && bytes.length < ENOUGH) return 'more'; // TAG-08
  return found.keys.has('message') ? 'yes' : 'no'; // TAG-08
};
