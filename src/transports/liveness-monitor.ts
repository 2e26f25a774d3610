import type { Clock } from '../core/ports.ts';
import type { TransportLimits } from './limits.ts';
import type { CloseKind } from './link.ts';

const SWEEP_MS = 1_000;
/** The memory for one piece of an incomplete message, besides its bytes. */
const PIECE_BYTES = 256;

/** A connection as the monitor needs it. */
export interface MonitoredConnection {
  /** True while the server does not read it, so that its silence means nothing. */
  readonly isPaused: boolean;
  /** How long this connection may be silent, in milliseconds; `defaultMs` is the limit for most. */
  maxSilence(defaultMs: number): number;
  /** Asks for a sign of life, if the peer can give one. */
  ping(): void;
  end(kind: CloseKind, reason: string): void;
  /** Closes it at once. */
  destroy(): void;
}

/** How much of a connection's messages was received. */
export interface Progress {
  /** Bytes received of an incomplete message. */
  readonly held: number;
  /** Counts the moments at which no incomplete message was left. */
  readonly completions: number;
}

/** A monitored connection, and when it last sent something and was pinged. */
export type Watch = {
  readonly connection: MonitoredConnection;
  readonly progress: Progress;
  lastReceived: number;
  lastPinged: number;
};
/** An incomplete message; its first byte came at `since`. */
type Incomplete = { since: number; bytes: number; pieces: number; completions: number };

type LivenessLimits = Pick<TransportLimits, 'pingMs' | 'silenceMs' | 'incompleteMs' | 'incompleteBytes'>;

/**
 * Watches all WebSockets and ZeroMQ connections of the process with one timer: pings them, closes silent ones, and limits
 * the memory of incomplete messages (T7).
 */
export class LivenessMonitor {
  readonly #limits: LivenessLimits;
  readonly #clock: Clock;
  readonly #all = new Set<Watch>();
  /** The oldest first. */
  readonly #incomplete = new Map<Watch, Incomplete>();
  #incompleteBytes = 0;
  #sweeping = false;

  constructor(limits: LivenessLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Watches a connection until `unwatch`. Call it before the first byte is read. */
  watch(connection: MonitoredConnection, progress: Progress): Watch {
    const now = this.#clock.monotonic();
    const watch: Watch = { connection, progress, lastReceived: now, lastPinged: now };
    this.#all.add(watch);
    this.#sweepLater();
    return watch;
  }

  /** Call it once a connection is closed. */
  unwatch(watch: Watch): void {
    this.#finish(watch);
    this.#all.delete(watch);
  }

  /** Call it when bytes came, after the progress has counted them. */
  received(watch: Watch): void {
    const { progress } = watch;
    const now = this.#clock.monotonic();
    watch.lastReceived = now;
    const before = this.#incomplete.get(watch);
    if (before && before.completions !== progress.completions) this.#finish(watch); // PORT-35
    if (progress.held === 0) return;
    const incomplete = this.#incomplete.get(watch) ?? this.#begin(watch, now);
    incomplete.pieces++;
    this.#incompleteBytes -= incomplete.bytes;
    incomplete.bytes = progress.held + PIECE_BYTES * incomplete.pieces;
    this.#incompleteBytes += incomplete.bytes;
    this.#enforceBudget();
  }

  #begin(watch: Watch, since: number): Incomplete {
    const incomplete = { since, bytes: 0, pieces: 0, completions: watch.progress.completions };
    this.#incomplete.set(watch, incomplete);
    return incomplete;
  }

  #finish(watch: Watch): void {
    this.#incompleteBytes -= this.#incomplete.get(watch)?.bytes ?? 0;
    this.#incomplete.delete(watch);
  }

  /** Closes the oldest until the rest fits. An honest message is complete before it is the oldest. */
  #enforceBudget(): void {
    for (const [watch] of this.#incomplete) {
      if (this.#incompleteBytes <= this.#limits.incompleteBytes) return; // PORT-36
      this.#finish(watch);
      watch.connection.end('too-big', 'too many unfinished messages');
      watch.connection.destroy();
    }
  }

  #sweepLater(): void {
    if (this.#sweeping || this.#all.size === 0) return;
    this.#sweeping = true;
    const due = this.#clock.monotonic() + SWEEP_MS;
    this.#clock.after(SWEEP_MS, () => {
      this.#sweeping = false;
      const now = this.#clock.monotonic();
      this.#discountStall(now - due, now);
      this.#sweep(now);
      this.#sweepLater();
    });
  }

  /**
   * The event loop stalled for this long and reads what came meanwhile only after this timer, so no peer is blamed for
   * silence.
   */
  #discountStall(stalledMs: number, now: number): void {
    for (const watch of this.#all) watch.lastReceived = Math.min(watch.lastReceived + stalledMs, now); // PORT-34
    for (const [, incomplete] of this.#incomplete) incomplete.since = Math.min(incomplete.since + stalledMs, now); // PORT-35
  }

  #sweep(now: number): void {
    for (const [watch, incomplete] of this.#incomplete) {
      if (watch.connection.isPaused) incomplete.since = now; // PORT-35
      if (now - incomplete.since < this.#limits.incompleteMs) continue; // PORT-35
      this.#finish(watch);
      watch.connection.end('timeout', 'unfinished message');
    }
    for (const watch of this.#all) this.#check(watch, now);
  }

  #check(watch: Watch, now: number): void {
    const { connection } = watch;
    if (connection.isPaused) watch.lastReceived = now; // PORT-34
    const maxSilence = connection.maxSilence(this.#limits.silenceMs);
    if (now - watch.lastReceived >= maxSilence) return connection.end('timeout', 'no sign of life'); // PORT-34
    if (now - watch.lastPinged < this.#limits.pingMs) return; // PORT-34
    watch.lastPinged = now;
    connection.ping();
  }
}
