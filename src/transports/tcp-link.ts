import type { Socket } from 'node:net';
import type { Clock } from '../core/ports.ts';
import type { AckMonitor, AckWatch } from './ack-monitor.ts';
import type { Accepted } from './accepted.ts';
import type { TransportLimits } from './limits.ts';
import type { CloseKind, Link, LinkReceiver } from './link.ts';
import { endSocket, SocketWriter } from './socket-writer.ts';
import { Survival } from './survival.ts';
import { tcpKey } from './tcp-table.ts';

/** What all TCP links of a port share. */
export type TcpLinkOptions = {
  readonly acks: AckMonitor;
  readonly limits: TransportLimits;
  readonly clock: Clock;
};

/** A raw stream, plain or inside TLS. The socket must be paused, and only the link may read it. */
export class TcpLink implements Link {
  readonly framing = 'stream';
  readonly kind = 'tcp';
  readonly address: string;
  readonly secure: boolean;
  readonly openedAt: number;
  readonly #accepted: Accepted;
  readonly #socket: Socket;
  readonly #options: TcpLinkOptions;
  readonly #writer: SocketWriter;
  #acks: AckWatch | null = null;
  /** Made for the first probe, to save memory. */
  #survival: Survival | null = null;
  #receiver: LinkReceiver | null = null;
  #probes = 0;
  /** A probe that waits until the bytes before it have left; 0 if there is none. */
  #unsentProbe = 0;
  #ended = false;

  constructor(socket: Socket, accepted: Accepted, options: TcpLinkOptions) {
    this.address = accepted.address;
    this.secure = accepted.secure;
    this.openedAt = accepted.openedAt;
    this.#accepted = accepted;
    this.#socket = socket;
    this.#options = options;
    this.#writer = new SocketWriter(socket, () => this.#drained());
  }

  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  get isSilent(): boolean {
    return this.#acks?.isSilent === true;
  }

  frame(payload: Uint8Array): Uint8Array {
    return payload;
  }

  write(framed: Uint8Array): boolean {
    const { writable } = this.#socket;
    if (writable) this.#writer.write(framed); // PORT-28
    return writable;
  }

  ask(): boolean {
    return false;
  }

  probe(): number {
    this.#probes++;
    if (this.unsentBytes > 0) this.#unsentProbe = this.#probes;
    else this.#awaitSurvival(this.#probes);
    return this.#probes;
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
    this.#survival?.stop();
    endSocket(this.#socket, this.#options.clock, this.#options.limits.endMs);
  }

  listen(receiver: LinkReceiver): void {
    const acks = this.#options.acks.watch(this.#socket);
    let key: string | null = null;
    this.#acks = acks;
    this.#receiver = receiver;
    this.#socket.on('data', (bytes) => {
      if (this.#ended) return; // PORT-28
      receiver.alive();
      receiver.data(bytes);
    });
    this.#socket.allowHalfOpen = true; // PORT-43
    this.#socket.once('end', () => {
      if (this.#ended)
        key = tcpKey(this.#socket); // PORT-42
      else receiver.halfClosed(); // PORT-28 PORT-43
    });
    this.#socket.once('close', (failed) => {
      this.#options.acks.unwatch(acks);
      this.#survival?.stop();
      if (failed || key === null || this.#probes === 0) return receiver.closed(); // PORT-39 PORT-42
      void this.#options.acks.endedInOrder(key).then((inOrder) => {
        if (inOrder !== false) receiver.proved(this.#probes); // PORT-42
        receiver.closed(); // PORT-39
      });
    });
    this.#socket.resume();
  }

  #awaitSurvival(probe: number): void {
    const { clock, limits } = this.#options;
    this.#survival ??= new Survival(
      clock,
      () => this.#acks?.isAnswering === true,
      (proved) => this.#receiver?.proved(proved),
    );
    this.#survival.wait(probe, limits.survivalMs); // PORT-45
  }

  #drained(): void {
    if (this.#ended) return; // PORT-28
    if (this.#unsentProbe > 0) this.#awaitSurvival(this.#unsentProbe);
    this.#unsentProbe = 0;
    this.#receiver?.drained();
  }
}
