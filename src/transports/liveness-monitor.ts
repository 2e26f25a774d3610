import type { Clock } from '../core/ports.ts';
import type { TransportLimits } from './limits.ts';
import type { CloseKind } from './link.ts';

const SWEEP_MS = 1_000;
/** What it costs to keep one piece of an unfinished message, besides its bytes. */
const PIECE_BYTES = 256;

/** A connection that its keeper looks after. */
export interface MonitoredConnection {
  /** True while it is not read: that nothing comes is not its fault then. */
  readonly isPaused: boolean;
  /** How long this one may be silent, where `usual` holds for most; milliseconds. */
  maxSilence(usual: number): number;
  /** Asks for a sign of life, if the peer knows how to give one. */
  ping(): void;
  end(kind: CloseKind, reason: string): void;
  /** Closes it at once. */
  destroy(): void;
}

/** How far a connection's messages have come. */
export interface Progress {
  /** Bytes received of a message whose end is still missing. */
  readonly held: number;
  /** How often all that had begun was finished. */
  readonly completions: number;
}

/** One connection that is kept. */
export type Watch = {
  readonly connection: MonitoredConnection;
  readonly progress: Progress;
  received: number;
  lastPinged: number;
};
/** An unfinished message: its first byte came at `since`. */
type Incomplete = { since: number; bytes: number; pieces: number; completions: number };

type LivenessLimits = Pick<TransportLimits, 'pingMs' | 'silenceMs' | 'incompleteMs' | 'incompleteBytes'>;

/**
 * Keeps watch with one timer over all connections of the process that have messages of their own: pings them, drops the
 * silent, and bounds what unfinished messages hold (T7).
 */
export class LivenessMonitor {
  readonly #limits: LivenessLimits;
  readonly #clock: Clock;
  readonly #all = new Set<Watch>();
  /** The one that began first stands first. */
  readonly #unfinished = new Map<Watch, Incomplete>();
  #unfinishedBytes = 0;
  #sweeping = false;

  constructor(limits: LivenessLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Watches a connection until it is forgotten; to be called before anything was read of it. */
  watch(connection: MonitoredConnection, progress: Progress): Watch {
    const now = this.#clock.monotonic();
    const watch: Watch = { connection, progress, received: now, lastPinged: now };
    this.#all.add(watch);
    this.#sweepLater();
    return watch;
  }

  /** To be called once a connection is closed. */
  unwatch(watch: Watch): void {
    this.#finish(watch);
    this.#all.delete(watch);
  }

  /** To be called when bytes came and its progress counts them. */
  heard(watch: Watch): void {
    const { progress } = watch;
    const now = this.#clock.monotonic();
    watch.received = now;
    const before = this.#unfinished.get(watch);
    if (before && before.completions !== progress.completions) this.#finish(watch); // PORT-35
    if (progress.held === 0) return;
    const unfinished = this.#unfinished.get(watch) ?? this.#begin(watch, now);
    unfinished.pieces++;
    this.#unfinishedBytes -= unfinished.bytes;
    unfinished.bytes = progress.held + PIECE_BYTES * unfinished.pieces;
    this.#unfinishedBytes += unfinished.bytes;
    this.#shed();
  }

  #begin(watch: Watch, since: number): Incomplete {
    const unfinished = { since, bytes: 0, pieces: 0, completions: watch.progress.completions };
    this.#unfinished.set(watch, unfinished);
    return unfinished;
  }

  #finish(watch: Watch): void {
    this.#unfinishedBytes -= this.#unfinished.get(watch)?.bytes ?? 0;
    this.#unfinished.delete(watch);
  }

  /** Closes the oldest until the rest fits: a message that is sent honestly is done before it becomes the oldest. */
  #shed(): void {
    for (const [watch] of this.#unfinished) {
      if (this.#unfinishedBytes <= this.#limits.incompleteBytes) return; // PORT-36
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

  /** So long this process stood still, and what came meanwhile is read after the timers only: it is nobody's silence. */
  #discountStall(stoodMs: number, now: number): void {
    for (const watch of this.#all) watch.received = Math.min(watch.received + stoodMs, now); // PORT-34
    for (const [, unfinished] of this.#unfinished) unfinished.since = Math.min(unfinished.since + stoodMs, now); // PORT-35
  }

  #sweep(now: number): void {
    for (const [watch, unfinished] of this.#unfinished) {
      if (watch.connection.isPaused) unfinished.since = now; // PORT-35
      if (now - unfinished.since < this.#limits.incompleteMs) continue; // PORT-35
      this.#finish(watch);
      watch.connection.end('timeout', 'unfinished message');
    }
    for (const watch of this.#all) this.#check(watch, now);
  }

  #check(watch: Watch, now: number): void {
    const { connection } = watch;
    if (connection.isPaused) watch.received = now; // PORT-34
    const patience = connection.maxSilence(this.#limits.silenceMs);
    if (now - watch.received >= patience) return connection.end('timeout', 'no sign of life'); // PORT-34
    if (now - watch.lastPinged < this.#limits.pingMs) return; // PORT-34
    watch.lastPinged = now;
    connection.ping();
  }
}
