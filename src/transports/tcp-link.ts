import type { Socket } from 'node:net';
import type { Clock } from '../core/ports.ts';
import type { Accepted } from './accepted.ts';
import type { CloseKind, Link, LinkReceiver } from './link.ts';
import { endSocket, SocketWriter } from './socket-writer.ts';

/** A raw stream, plain or inside TLS. The socket must be paused, and only the link may read it. */
export class TcpLink implements Link {
  readonly framing = 'stream';
  readonly kind = 'tcp';
  readonly address: string;
  readonly secure: boolean;
  readonly #accepted: Accepted;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #endMs: number;
  readonly #writer: SocketWriter;
  #receiver: LinkReceiver | null = null;
  #ended = false;

  constructor(socket: Socket, accepted: Accepted, clock: Clock, endMs: number) {
    this.address = accepted.address;
    this.secure = accepted.secure;
    this.#accepted = accepted;
    this.#socket = socket;
    this.#clock = clock;
    this.#endMs = endMs;
    this.#writer = new SocketWriter(socket, () => {
      if (!this.#ended) this.#receiver?.drained();
    });
  }

  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  frame(payload: Uint8Array): Uint8Array {
    return payload;
  }

  write(framed: Uint8Array): boolean {
    const { writable } = this.#socket;
    if (writable) this.#writer.write(framed); // PORT-28
    return writable;
  }

  probe(): boolean {
    return false;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  loggedIn(): void {
    this.#accepted.ticket.loggedIn();
  }

  end(_kind: CloseKind, _reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    endSocket(this.#socket, this.#clock, this.#endMs);
  }

  listen(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    this.#socket.on('data', (bytes) => {
      if (this.#ended) return; // PORT-28
      receiver.alive();
      receiver.data(bytes);
    });
    this.#socket.allowHalfOpen = true; // PORT-43
    this.#socket.once('end', () => {
      if (this.#ended) return; // PORT-28
      receiver.alive(); // PORT-42
      receiver.halfClosed(); // PORT-43
    });
    this.#socket.once('close', () => receiver.closed()); // PORT-39
    this.#socket.resume();
  }
}
