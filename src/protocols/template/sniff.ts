import type { Sniff } from '../../transports/accept/detect.ts';
import { MARK } from './codec.ts';

const BYTES = new TextEncoder().encode(MARK);

/** Recognises the beginning of every message. A part of it may still become it. */
export const sniff: Sniff = (bytes) => {
  const length = Math.min(bytes.length, BYTES.length);
  for (let index = 0; index < length; index++) if (bytes[index] !== BYTES[index]) return 'no'; // TEMPLATE-10
  return length === BYTES.length ? 'yes' : 'more'; // TEMPLATE-10
};
