import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Accepted } from '../accepted.ts';
import type { CloseKind, Link, LinkReceiver } from '../link.ts';
import { SocketWriter } from '../socket-writer.ts';
import { closeCodes, closeReason, type FrameType, serverFrame } from './frames.ts';

/** The close code if the peer sent no close frame. */
const ABNORMAL = 1006;

/** Begins the closing handshake after the written bytes. `ws` destroys the socket if the peer does not complete it in time. */
export function closeWebSocket(ws: WebSocket, code: number, reason: string): void {
  ws.resume();
  ws.close(code, closeReason(reason)); // PORT-37
}

/** The bytes of a message; `ws` gives them to a server as a Buffer. */
export function toBytes(data: RawData): Uint8Array {
  if (!Buffer.isBuffer(data)) throw new TypeError('messages come as buffers');
  return data;
}

/** A WebSocket. `ws` reads it; frames are written to its socket directly, past `ws`. */
export class WebSocketLink implements Link {
  readonly framing = 'message';
  readonly kind: string;
  readonly address: string;
  readonly secure: boolean;
  readonly #accepted: Accepted;
  readonly #ws: WebSocket;
  readonly #type: FrameType;
  readonly #writer: SocketWriter;
  /** Messages that came before `listen`, or in one read with the message at which the receiver paused. */
  #undelivered: Uint8Array[] = [];
  #receiver: LinkReceiver | null = null;
  #isPaused = true;

  /** `first` is a message that was already read, or null. */
  constructor(ws: WebSocket, socket: Socket, accepted: Accepted, type: FrameType, first: Uint8Array | null) {
    this.kind = `websocket-${type}`;
    this.address = accepted.address;
    this.secure = accepted.secure;
    this.#accepted = accepted;
    this.#ws = ws;
    this.#type = type;
    this.#writer = new SocketWriter(socket, () => {
      if (this.#isOpen) this.#receiver?.drained();
    });
    if (first) this.#undelivered.push(first);
    ws.pause();
    ws.on('message', (data) => this.#received(toBytes(data)));
    ws.on('pong', () => this.#receiver?.alive());
  }

  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  get #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  frame(payload: Uint8Array): Uint8Array {
    return serverFrame(this.#type, payload);
  }

  write(framed: Uint8Array): boolean {
    const isOpen = this.#isOpen;
    if (isOpen) this.#writer.write(framed); // PORT-28
    return isOpen;
  }

  probe(): boolean {
    if (this.#isOpen) this.#ws.ping();
    return true;
  }

  pause(): void {
    this.#isPaused = true;
    this.#ws.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#ws.resume();
    if (this.#undelivered.length > 0) process.nextTick(() => this.#deliver()); // PORT-33
  }

  loggedIn(): void {
    this.#accepted.ticket.loggedIn();
  }

  end(kind: CloseKind, reason: string): void {
    closeWebSocket(this.#ws, closeCodes[kind], reason);
  }

  listen(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    this.#ws.once('close', (code: number) => {
      if (code !== ABNORMAL) receiver.alive(); // PORT-42
      receiver.closed(); // PORT-39
    });
    this.resume();
  }

  #received(message: Uint8Array): void {
    this.#undelivered.push(message);
    this.#deliver();
  }

  #deliver(): void {
    while (this.#receiver && this.#undelivered.length > 0) {
      if (this.#isPaused) return; // PORT-33
      const message = this.#undelivered.shift();
      if (!message || !this.#isOpen) return; // PORT-28
      this.#receiver.alive();
      this.#receiver.data(message);
    }
  }
}
