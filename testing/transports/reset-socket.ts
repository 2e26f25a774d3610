import type { Socket } from 'node:net';

/**
 * Ends a connection by a RST at once. Where bytes still wait to be written, or a FIN was sent, the socket is just closed: Node
 * would first wait for the bytes, and after a FIN it would never close the socket.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableLength > 0 || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
