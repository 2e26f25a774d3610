import type { Sniff } from '../../transports/accept/detect.ts';
import { encodingOf } from './boundary.ts';

/** Recognises the header of a string or of an array. No message of a text protocol begins with one. */
export const sniff: Sniff = (bytes) => {
  if (bytes.length === 0) return 'more'; // MSGP-15
  return encodingOf(bytes) === null ? 'no' : 'yes'; // MSGP-15
};
