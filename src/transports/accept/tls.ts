import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';

const MIN_VERSION = 'TLSv1.2'; // PORT-06

/** What proves who this server is, both as PEM. */
export type Certificate = { readonly cert: string | Buffer; readonly key: string | Buffer };

/** Undoes TLS on sockets that it is handed. */
export class TlsTerminator {
  readonly #server: Server;
  /** Whoever waits for a handshake, by the peer's address and port: node names the inner socket, not the one it came from. */
  readonly #waiting = new Map<string, (inside: TLSSocket) => void>();

  /** Throws if the certificate and the key cannot be used. */
  constructor(certificate: Certificate) {
    this.#server = createServer({ ...certificate, minVersion: MIN_VERSION }, (inside) => {
      inside.on('error', () => inside.destroy());
      this.#waiting.get(peerOf(inside))?.(inside);
    });
  }

  /** Takes a paused socket whose first bytes are a ClientHello; a failed handshake destroys it. */
  take(socket: Socket, opened: (inside: TLSSocket) => void): void {
    const peer = peerOf(socket);
    this.#waiting.set(peer, opened);
    socket.once('close', () => this.#waiting.delete(peer));
    this.#server.emit('connection', socket);
  }
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
