import type { TransportLimits } from '../limits.ts';
import { checkReady, readCommand } from './commands.ts';
import { ZmtpFrameReader } from './frames.ts';
import { GREETING_BYTES, readGreeting } from './greeting.ts';

/** The state of a handshake. `error` is the reason for an ERROR, or null for none; `length` counts the bytes of the handshake. */
export type Handshake =
  | { readonly type: 'more' }
  | { readonly type: 'refused'; readonly error: string | null }
  | { readonly type: 'done'; readonly hasHeartbeats: boolean; readonly length: number };

/** Reads a peer's bytes from the first one on: a greeting, then READY (RFC 37). A handshake has about 600 bytes at most. */
export function readHandshake(bytes: Uint8Array, { commandBytes }: TransportLimits): Handshake {
  const greeting = readGreeting(bytes);
  if (greeting.type !== 'greeted') return greeting;
  // With these limits the header of any message is an error, even of an empty one.
  const frames = new ZmtpFrameReader({ messageBytes: 0, fragments: 0, commandBytes });
  frames.push(bytes.subarray(GREETING_BYTES));
  const first = frames.next();
  if (first === null) return { type: 'more' };
  const length = bytes.length - frames.takeRest().length;
  const ready = first.type === 'command' ? readCommand(first.bytes) : null;
  if (ready?.name === 'ERROR') return { type: 'refused', error: null }; // ZMTP-07
  if (ready?.name !== 'READY') return { type: 'refused', error: 'READY-expected' }; // ZMTP-07
  const error = checkReady(ready.data);
  return error === null ? { type: 'done', hasHeartbeats: greeting.hasHeartbeats, length } : { type: 'refused', error };
}
