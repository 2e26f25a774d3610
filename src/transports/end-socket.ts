import type { Socket } from 'node:net';
import type { Clock } from '../core/ports.ts';

/**
 * Ends a socket behind what was written to it, after `endMs` in any case. What still comes must be thrown away by whoever
 * hears it: it is read on, so that the peer gets our last words and not a reset.
 */
export function endSocket(socket: Socket, clock: Clock, endMs: number): void {
  socket.end();
  socket.resume();
  const cancel = clock.after(endMs, () => socket.destroy()); // PORT-29
  socket.once('close', cancel);
}
