import type { TransportLimits } from '../limits.ts';
import { checkReady, readCommand } from './commands.ts';
import { ZmtpFrameReader } from './frames.ts';
import { GREETING_BYTES, readGreeting } from './greeting.ts';

/** How far a handshake is; `flaw` is null where the peer is not told why it is refused, `length` are the bytes that it took. */
export type Handshake =
  | { readonly type: 'more' }
  | { readonly type: 'refused'; readonly flaw: string | null }
  | { readonly type: 'done'; readonly hasHeartbeats: boolean; readonly length: number };

/** Reads all that came of a peer, from its first byte: a greeting, then its READY (RFC 37). It needs some 600 bytes at most. */
export function readHandshake(bytes: Uint8Array, { commandBytes }: TransportLimits): Handshake {
  const greeting = readGreeting(bytes);
  if (greeting.type !== 'greeted') return greeting;
  // No message has room here, not even an empty frame of one, so that it is refused by its header.
  const frames = new ZmtpFrameReader({ messageBytes: 0, fragments: 0, commandBytes });
  frames.push(bytes.subarray(GREETING_BYTES));
  const first = frames.next();
  if (first === null) return { type: 'more' };
  const length = bytes.length - frames.takeRest().length;
  const ready = first.type === 'command' ? readCommand(first.bytes) : null;
  if (ready?.name === 'ERROR') return { type: 'refused', flaw: null }; // ZMTP-07
  if (ready?.name !== 'READY') return { type: 'refused', flaw: 'READY-expected' }; // ZMTP-07
  const flaw = checkReady(ready.data);
  return flaw === null ? { type: 'done', hasHeartbeats: greeting.hasHeartbeats, length } : { type: 'refused', flaw };
}
