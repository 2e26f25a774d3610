import type { Socket } from 'node:net';
import type { Clock } from '../core/ports.ts';
import { type TcpState, type TcpTable, tcpKey } from './tcp-table.ts';

const SWEEP_MS = 3_000;
/** After this time without an acknowledgement the peer counts as silent. */
const SILENT_MS = 30_000;
/** After this time the line is dead: TCP's own keepalive does not run while bytes are on their way. */
const DEAD_MS = 45_000;

/** How long the peer of one socket has not acknowledged what it was sent. */
export class AckWatch {
  readonly socket: Socket;
  readonly #clock: Clock;
  written = 0;
  /** Some bytes were on their way at the last look. */
  hasUnacknowledged = false;
  /** The first look at which the peer did not answer; null if it answered since. */
  silentSince: number | null = null;

  constructor(socket: Socket, clock: Clock) {
    this.socket = socket;
    this.#clock = clock;
  }

  /** All bytes were acknowledged at the last look, or were on their way for a moment only. */
  get isAnswering(): boolean {
    return this.silentSince === null;
  }

  /** No byte was acknowledged for 30 s. */
  get isSilent(): boolean {
    return this.silentSince !== null && this.#clock.monotonic() - this.silentSince >= SILENT_MS; // PORT-44
  }
}

/**
 * Watches the streams that cannot be pinged, with one timer: finds peers that no longer acknowledge bytes, and destroys
 * their sockets (PORT-44). It finds none on a system without a table of connections.
 */
export class AckMonitor {
  readonly #table: TcpTable;
  readonly #clock: Clock;
  readonly #all = new Set<AckWatch>();
  /** Cancels the timer of the next sweep; null if none is set. */
  #cancel: (() => void) | null = null;
  #sweeping = false;

  constructor(table: TcpTable, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** Watches an open socket until `unwatch`, which must be called once it is closed. */
  watch(socket: Socket): AckWatch {
    const watched = new AckWatch(socket, this.#clock);
    this.#all.add(watched);
    this.#sweepLater();
    return watched;
  }

  /** Call it once the socket is closed. */
  unwatch(watched: AckWatch): void {
    this.#all.delete(watched);
    if (this.#all.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Whether the peer acknowledged all bytes of this closed connection before it ended it; null if nobody can say. */
  async endedInOrder(key: string): Promise<boolean | null> {
    const found = await this.#table.find(new Set([key]));
    return found && found.get(key)?.isTimeWait === true; // PORT-42
  }

  #sweepLater(): void {
    if (this.#cancel !== null || this.#sweeping || this.#all.size === 0) return;
    this.#cancel = this.#clock.after(SWEEP_MS, () => void this.#sweep());
  }

  async #sweep(): Promise<void> {
    this.#cancel = null;
    this.#sweeping = true;
    const doubtful = new Map<string, AckWatch>();
    for (const watched of this.#all)
      if (watched.hasUnacknowledged || watched.socket.bytesWritten !== watched.written)
        doubtful.set(tcpKey(watched.socket), watched);
    const found = doubtful.size === 0 ? null : await this.#table.find(new Set(doubtful.keys()));
    if (found !== null) for (const [key, watched] of doubtful) this.#check(watched, found.get(key));
    this.#sweeping = false;
    this.#sweepLater();
  }

  #check(watched: AckWatch, state: TcpState | undefined): void {
    const now = this.#clock.monotonic();
    watched.written = watched.socket.bytesWritten;
    watched.hasUnacknowledged = state !== undefined && state.unacknowledged > 0;
    if (state?.isUnanswered !== true) watched.silentSince = null;
    else watched.silentSince ??= now;
    if (watched.silentSince !== null && now - watched.silentSince >= DEAD_MS) watched.socket.destroy(); // PORT-44
  }
}
