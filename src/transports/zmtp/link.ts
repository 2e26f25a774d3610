import type { Socket } from 'node:net';
import type { Clock } from '../../core/ports.ts';
import { concat } from '../../lib/bytes.ts';
import type { Accepted } from '../accepted.ts';
import type { LivenessMonitor, MonitoredConnection } from '../liveness-monitor.ts';
import type { TransportLimits } from '../limits.ts';
import type { CloseKind, Link, LinkReceiver } from '../link.ts';
import type { AckMonitor, AckWatch } from '../ack-monitor.ts';
import { endSocket, SocketWriter } from '../socket-writer.ts';
import { Survival } from '../survival.ts';
import { pingFrame, pongFrame, readCommand, readPing } from './commands.ts';
import { messageFrame, ZmtpFrameReader } from './frames.ts';

/** What all ZMTP links of a port share. */
export type ZmtpLinkOptions = {
  readonly liveness: LivenessMonitor;
  readonly acks: AckMonitor;
  readonly limits: TransportLimits;
  readonly clock: Clock;
};

/**
 * The connection to a DEALER after the handshake; we are its ROUTER. The socket must be paused, and only the link may read
 * it.
 */
export class ZmtpLink implements Link, MonitoredConnection {
  readonly framing = 'message';
  readonly kind = 'zmtp';
  readonly address: string;
  readonly secure: boolean;
  readonly openedAt: number;
  readonly #accepted: Accepted;
  readonly #socket: Socket;
  readonly #options: ZmtpLinkOptions;
  readonly #hasHeartbeats: boolean;
  readonly #writer: SocketWriter;
  readonly #frames: ZmtpFrameReader;
  /** Null if the peer has heartbeats. */
  #acks: AckWatch | null = null;
  /** Made for the first probe, to save memory. */
  #survival: Survival | null = null;
  #receiver: LinkReceiver | null = null;
  #isPaused = true;
  #probes = 0;
  /** A probe that waits until the bytes before it have left; 0 if there is none. */
  #unsentProbe = 0;
  #ended = false;
  /** A frame was invalid, so nothing after it is read. */
  #isUnreadable = false;
  /** The TTL of the last PING, or 0 if something came after it. */
  #ttlMs = 0;
  /** How many writes of PONGs have not left. */
  #pendingPongs = 0;

  /** `hasHeartbeats`: the peer has PING, because its version is 3.1 or newer. */
  constructor(socket: Socket, accepted: Accepted, hasHeartbeats: boolean, options: ZmtpLinkOptions) {
    this.address = accepted.address;
    this.secure = accepted.secure;
    this.openedAt = accepted.openedAt;
    this.#accepted = accepted;
    this.#socket = socket;
    this.#options = options;
    this.#hasHeartbeats = hasHeartbeats;
    this.#frames = new ZmtpFrameReader(options.limits);
    this.#writer = new SocketWriter(socket, () => this.#drained());
  }

  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  get isSilent(): boolean {
    return this.#acks?.isSilent === true;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  frame(payload: Uint8Array): Uint8Array {
    return messageFrame(payload);
  }

  write(framed: Uint8Array): boolean {
    const { writable } = this.#socket;
    if (writable) this.#writer.write(framed); // PORT-28
    return writable;
  }

  ask(): boolean {
    this.ping();
    return this.#hasHeartbeats; // ZMTP-23
  }

  probe(): number {
    this.#probes++;
    if (this.#hasHeartbeats)
      this.#sendPing(`${this.#probes}`); // ZMTP-28
    else if (this.unsentBytes > 0) this.#unsentProbe = this.#probes;
    else this.#awaitSurvival(this.#probes, this.#options.limits.survivalMs); // PORT-45
    return this.#probes;
  }

  ping(): void {
    if (this.#hasHeartbeats) this.#sendPing(''); // ZMTP-23
  }

  maxSilence(defaultMs: number): number {
    const own = this.#hasHeartbeats ? defaultMs : Number.POSITIVE_INFINITY; // ZMTP-23
    return this.#ttlMs > 0 ? Math.min(own, this.#ttlMs) : own; // ZMTP-22
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  loggedIn(): void {
    this.#accepted.ticket.loggedIn();
  }

  /** The peer does not learn the reason: ZMTP has no message for it. */
  end(_kind: CloseKind, _reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#survival?.stop(); // ZMTP-27
    endSocket(this.#socket, this.#options.clock, this.#options.limits.endMs);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  listen(receiver: LinkReceiver): void {
    const { liveness, acks } = this.#options;
    if (!this.#hasHeartbeats) this.#acks = acks.watch(this.#socket); // PORT-44
    const watch = liveness.watch(this, this.#frames);
    this.#receiver = receiver;
    this.#socket.on('data', (bytes) => {
      if (this.#ended || this.#isUnreadable) return; // PORT-28 ZMTP-15
      this.#read(bytes, receiver);
      liveness.received(watch);
    });
    this.#socket.once('close', () => {
      liveness.unwatch(watch);
      if (this.#acks !== null) acks.unwatch(this.#acks);
      this.#survival?.stop(); // ZMTP-27
      receiver.closed(); // PORT-39
    });
    this.resume();
  }

  get #isReading(): boolean {
    return !this.#isPaused && !this.#ended && !this.#isUnreadable; // PORT-28 PORT-33
  }

  #read(bytes: Uint8Array, receiver: LinkReceiver): void {
    const pongs: Uint8Array[] = [];
    receiver.alive();
    this.#ttlMs = 0;
    this.#frames.push(bytes);
    while (this.#isReading) {
      const received = this.#frames.next();
      if (received === null) break;
      this.#ttlMs = 0;
      if (received.type === 'error') this.#refuse(received.kind, received.reason, receiver);
      else if (received.type === 'message') receiver.data(received.bytes);
      else this.#handleCommand(received.bytes, pongs);
    }
    if (pongs.length > 0) this.#sendPongs(concat(pongs));
    const rest = this.#frames.takeRest();
    if (this.#isPaused && rest.length > 0) this.#socket.unshift(rest); // PORT-33
  }

  /** Lets the protocol answer a message that is too big: the client waits for an answer, and libzmq hides the end from it. */
  #refuse(kind: CloseKind, reason: string, receiver: LinkReceiver): void {
    this.#isUnreadable = true;
    if (kind === 'too-big')
      receiver.unreadable(reason); // ZMTP-15
    else this.end(kind, reason);
  }

  /** Ignores unknown commands: later versions of ZMTP may have more. */
  #handleCommand(body: Uint8Array, pongs: Uint8Array[]): void {
    const command = readCommand(body);
    if (command === null) return this.end('broken', 'a command has no name'); // ZMTP-18
    if (command.name === 'ERROR') return this.end('done', 'the peer says that something is wrong'); // ZMTP-19
    if (command.name === 'PONG') return this.#answered(command.data);
    if (command.name !== 'PING') return; // ZMTP-19
    const ping = readPing(command.data);
    if (ping === null) return this.end('broken', 'a PING is too short or too long'); // ZMTP-20
    this.#ttlMs = ping.ttlMs;
    pongs.push(pongFrame(ping.context)); // ZMTP-20
  }

  #sendPing(context: string): void {
    if (this.#socket.writable) this.#socket.write(pingFrame(this.#options.limits.silenceMs, context));
  }

  /** The thread of libzmq answers before its program has read what came before; the program gets it if it lives on. */
  #answered(context: Uint8Array): void {
    const probe = Number(Buffer.from(context).toString('latin1'));
    if (probe >= 1 && probe <= this.#probes)
      this.#awaitSurvival(Math.floor(probe), this.#options.limits.pongSurvivalMs); // ZMTP-28
  }

  #awaitSurvival(probe: number, ms: number): void {
    this.#survival ??= new Survival(
      this.#options.clock,
      () => this.#acks?.isAnswering !== false,
      (proved) => this.#receiver?.proved(proved),
    );
    this.#survival.wait(probe, ms);
  }

  #drained(): void {
    if (this.#ended) return;
    if (this.#unsentProbe > 0) this.#awaitSurvival(this.#unsentProbe, this.#options.limits.survivalMs); // PORT-45
    this.#unsentProbe = 0;
    this.#receiver?.drained();
  }

  #sendPongs(pongs: Uint8Array): void {
    if (this.#pendingPongs >= this.#options.limits.pongs) return this.end('too-slow', 'PONGs are not read'); // ZMTP-21
    if (!this.#socket.writable) return;
    this.#pendingPongs++;
    this.#socket.write(pongs, () => {
      this.#pendingPongs--;
    });
  }
}
