import type { Socket } from 'node:net';
import type { Clock } from '../../core/ports.ts';
import { concat } from '../../lib/bytes.ts';
import type { Accepted } from '../accepted.ts';
import { endSocket } from '../end-socket.ts';
import type { LivenessMonitor, MonitoredConnection } from '../liveness-monitor.ts';
import type { TransportLimits } from '../limits.ts';
import type { CloseKind, Link, LinkReceiver } from '../link.ts';
import { SocketWriter } from '../socket-writer.ts';
import { pingFrame, pongFrame, readCommand, readPing } from './commands.ts';
import { messageFrame, ZmtpFrameReader } from './frames.ts';

/** What all ZMTP links of a port share. */
export type ZmtpLinkOptions = {
  readonly liveness: LivenessMonitor;
  readonly limits: TransportLimits;
  readonly clock: Clock;
};

/** A ZeroMQ peer after the handshake: a DEALER, to which we are the ROUTER. The socket must be paused; nobody else may read it. */
export class ZmtpLink implements Link, MonitoredConnection {
  readonly framing = 'message';
  readonly kind = 'zmtp';
  readonly address: string;
  readonly secure: boolean;
  readonly #arrival: Accepted;
  readonly #socket: Socket;
  readonly #options: ZmtpLinkOptions;
  readonly #hasHeartbeats: boolean;
  readonly #writer: SocketWriter;
  readonly #frames: ZmtpFrameReader;
  #receiver: LinkReceiver | null = null;
  #paused = true;
  #ended = false;
  /** Where messages begin is not known any more. */
  #lost = false;
  /** What the last PING said, if nothing came after it; else 0. */
  #ttlMs = 0;
  /** Writes of PONGs that have not left. */
  #pongs = 0;

  /** `hasHeartbeats` says that the peer knows PING: its version is 3.1 or newer. */
  constructor(socket: Socket, accepted: Accepted, hasHeartbeats: boolean, options: ZmtpLinkOptions) {
    this.address = accepted.address;
    this.secure = accepted.secure;
    this.#arrival = accepted;
    this.#socket = socket;
    this.#options = options;
    this.#hasHeartbeats = hasHeartbeats;
    this.#frames = new ZmtpFrameReader(options.limits);
    this.#writer = new SocketWriter(socket, () => {
      if (!this.#ended) this.#receiver?.drained();
    });
  }

  get backlog(): number {
    return this.#writer.backlog;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  frame(payload: Uint8Array): Uint8Array {
    return messageFrame(payload);
  }

  write(framed: Uint8Array): boolean {
    const { writable } = this.#socket;
    if (writable) this.#writer.write(framed); // PORT-28
    return writable;
  }

  probe(): boolean {
    this.ping();
    return this.#hasHeartbeats; // ZMTP-23
  }

  ping(): void {
    if (this.#hasHeartbeats && this.#socket.writable) this.#socket.write(pingFrame(this.#options.limits.silenceMs)); // ZMTP-23
  }

  maxSilence(usual: number): number {
    const own = this.#hasHeartbeats ? usual : Number.POSITIVE_INFINITY; // ZMTP-23
    return this.#ttlMs > 0 ? Math.min(own, this.#ttlMs) : own; // ZMTP-22
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#socket.resume();
  }

  loggedIn(): void {
    this.#arrival.ticket.loggedIn();
  }

  /** ZMTP has no word for an end: the reason is told to nobody. */
  end(_kind: CloseKind, _reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    endSocket(this.#socket, this.#options.clock, this.#options.limits.endMs);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  listen(receiver: LinkReceiver): void {
    const { liveness } = this.#options;
    const watch = liveness.watch(this, this.#frames);
    this.#receiver = receiver;
    this.#socket.on('data', (bytes) => {
      if (this.#ended || this.#lost) return; // PORT-28 ZMTP-15
      this.#hear(bytes, receiver);
      liveness.heard(watch);
    });
    this.#socket.once('close', () => {
      liveness.unwatch(watch);
      receiver.closed(); // PORT-39
    });
    this.resume();
  }

  get #isRead(): boolean {
    return !this.#paused && !this.#ended && !this.#lost; // PORT-28 PORT-33
  }

  #hear(bytes: Uint8Array, receiver: LinkReceiver): void {
    const pongs: Uint8Array[] = [];
    receiver.alive();
    this.#ttlMs = 0;
    this.#frames.push(bytes);
    while (this.#isRead) {
      const received = this.#frames.next();
      if (received === null) break;
      this.#ttlMs = 0;
      if (received.type === 'flaw') this.#lose(received.kind, received.reason, receiver);
      else if (received.type === 'message') receiver.data(received.bytes);
      else this.#obey(received.bytes, pongs);
    }
    if (pongs.length > 0) this.#pong(concat(pongs));
    const rest = this.#frames.takeRest();
    if (this.#paused && rest.length > 0) this.#socket.unshift(rest); // PORT-33
  }

  /** Who sends too much by mistake waits for an answer, and libzmq tells its program nothing of the end. */
  #lose(kind: CloseKind, reason: string, receiver: LinkReceiver): void {
    this.#lost = true;
    if (kind === 'too-big')
      receiver.unreadable(reason); // ZMTP-15
    else this.end(kind, reason);
  }

  /** Commands that mean nothing here are left alone: later versions may have more of them. */
  #obey(body: Uint8Array, pongs: Uint8Array[]): void {
    const command = readCommand(body);
    if (command === null) return this.end('broken', 'a command has no name'); // ZMTP-18
    if (command.name === 'ERROR') return this.end('done', 'the peer says that something is wrong'); // ZMTP-19
    if (command.name !== 'PING') return; // ZMTP-19
    const ping = readPing(command.data);
    if (ping === null) return this.end('broken', 'a PING is too short or too long'); // ZMTP-20
    this.#ttlMs = ping.ttlMs;
    pongs.push(pongFrame(ping.context)); // ZMTP-20
  }

  #pong(pongs: Uint8Array): void {
    if (this.#pongs >= this.#options.limits.pongs) return this.end('too-slow', 'PONGs are not read'); // ZMTP-21
    if (!this.#socket.writable) return;
    this.#pongs++;
    this.#socket.write(pongs, () => {
      this.#pongs--;
    });
  }
}
