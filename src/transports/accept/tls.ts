import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';

const MIN_VERSION = 'TLSv1.2'; // PORT-06

/** The certificate of this server and its private key, both as PEM. */
export type Certificate = { readonly cert: string | Buffer; readonly key: string | Buffer };

/** Decrypts TLS on sockets that it is given. */
export class TlsTerminator {
  readonly #server: Server;
  /** Callbacks by the peer's address and port: node reports the decrypted socket, not the one that it was made from. */
  readonly #opening = new Map<string, (decrypted: TLSSocket) => void>();

  /** Throws if the certificate and the key cannot be used. */
  constructor(certificate: Certificate) {
    this.#server = createServer(contextOf(certificate), (decrypted) => {
      decrypted.on('error', () => decrypted.destroy());
      this.#opening.get(peerOf(decrypted))?.(decrypted);
    });
  }

  /** New handshakes use this certificate; open connections stay. Throws if it cannot be used, and then keeps the old one. */
  renew(certificate: Certificate): void {
    this.#server.setSecureContext(contextOf(certificate)); // PORT-100
  }

  /** Takes a paused socket that begins with a ClientHello. A failed handshake destroys it. */
  take(socket: Socket, opened: (decrypted: TLSSocket) => void): void {
    const peer = peerOf(socket);
    this.#opening.set(peer, opened);
    socket.once('close', () => this.#opening.delete(peer));
    this.#server.emit('connection', socket);
  }
}

function contextOf({ cert, key }: Certificate) {
  return { cert, key, minVersion: MIN_VERSION } as const;
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
