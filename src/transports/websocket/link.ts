import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Accepted } from '../accepted.ts';
import { withoutMark } from '../byte-order-mark.ts';
import type { CloseKind, Link, LinkReceiver } from '../link.ts';
import { SocketWriter } from '../socket-writer.ts';
import { closeCodes, closeReason, type FrameType, serverFrame } from './frames.ts';

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
  readonly openedAt: number;
  readonly #accepted: Accepted;
  readonly #ws: WebSocket;
  readonly #type: FrameType;
  readonly #writer: SocketWriter;
  /** Messages that came before `listen`, or in one read with the message at which the receiver paused. */
  #undelivered: Uint8Array[] = [];
  #receiver: LinkReceiver | null = null;
  #isPaused = true;
  #probes = 0;
  /** How the server began to close; null if it did not, or the peer was first. */
  #closing: { readonly code: number; readonly reason: string } | null = null;

  /** `first` is a message that was already read, or null. */
  constructor(ws: WebSocket, socket: Socket, accepted: Accepted, type: FrameType, first: Uint8Array | null) {
    this.kind = `websocket-${type}`;
    this.address = accepted.address;
    this.secure = accepted.secure;
    this.openedAt = accepted.openedAt;
    this.#accepted = accepted;
    this.#ws = ws;
    this.#type = type;
    this.#writer = new SocketWriter(socket, () => {
      if (this.#isOpen) this.#receiver?.drained();
    });
    if (first) this.#undelivered.push(first);
    ws.pause();
    ws.on('message', (data) => this.#received(type === 'text' ? withoutMark(toBytes(data)) : toBytes(data))); // PORT-05
    ws.on('pong', (payload) => this.#answered(payload));
  }

  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  get isSilent(): boolean {
    return false;
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

  ask(): boolean {
    this.probe();
    return true;
  }

  probe(): number {
    if (this.#isOpen) this.#ws.ping(`${++this.#probes}`); // PORT-46
    return this.#probes;
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
    const code = closeCodes[kind];
    if (this.#isOpen) this.#closing = { code, reason: closeReason(reason).toString() };
    closeWebSocket(this.#ws, code, reason);
  }

  listen(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    this.#ws.once('close', (code, reason) => {
      if (this.#isEcho(code, reason.toString())) receiver.proved(this.#probes); // PORT-42
      receiver.closed(); // PORT-39
    });
    this.resume();
  }

  /** A pong says which ping it answers. */
  #answered(payload: Buffer): void {
    this.#receiver?.alive();
    const probe = Number(payload.toString('latin1'));
    if (probe >= 1 && probe <= this.#probes) this.#receiver?.proved(Math.floor(probe)); // PORT-46
  }

  /**
   * True for the answer to our close frame. A close frame of the peer's own, sent before it read ours, has another code or
   * no reason.
   */
  #isEcho(code: number, reason: string): boolean {
    const ours = this.#closing;
    return ours !== null && ours.reason !== '' && code === ours.code && reason === ours.reason && this.#probes > 0; // PORT-42
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
