import type { Refusal } from '../../model/refusals.ts';
import type { Password } from '../../ports.ts';

const MAX_BYTES = 1_024;
const HASH = /^[0-9a-f]{64}$/i;

/** Null if it can be a password: a text of 1 to 1,024 bytes, or a hash of 64 hex digits (TEXT-08). */
export function parsePassword({ type, value }: Password): Refusal | null {
  if (type === 'sha256') return HASH.test(value) ? null : { type: 'bad-password' }; // TEXT-08
  const fits = value.length > 0 && value.length <= MAX_BYTES && value.isWellFormed(); // TEXT-08
  return fits && new TextEncoder().encode(value).length <= MAX_BYTES ? null : { type: 'bad-password' }; // TEXT-08
}
