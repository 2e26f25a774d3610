import type { Clock } from '../core/ports.ts';
import type { TransportLimits } from './limits.ts';
import type { CloseKind } from './link.ts';

const SWEEP_MS = 1_000;
/** What it costs to keep one piece of an unfinished message, besides its bytes. */
const PIECE_BYTES = 256;

/** A connection that its keeper looks after. */
export interface Watched {
  /** True while it is not read: that nothing comes is not its fault then. */
  readonly isPaused: boolean;
  /** How long this one may be silent, where `usual` holds for most; milliseconds. */
  patience(usual: number): number;
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
export type Kept = { readonly watched: Watched; readonly progress: Progress; heard: number; pinged: number };
/** An unfinished message: its first byte came at `since`. */
type Unfinished = { since: number; bytes: number; pieces: number; completions: number };

type KeeperLimits = Pick<TransportLimits, 'pingMs' | 'silenceMs' | 'incompleteMs' | 'incompleteBytes'>;

/**
 * Keeps watch with one timer over all connections of the process that have messages of their own: pings them, drops the
 * silent, and bounds what unfinished messages hold (T7).
 */
export class Keeper {
  readonly #limits: KeeperLimits;
  readonly #clock: Clock;
  readonly #kept = new Set<Kept>();
  /** The one that began first stands first. */
  readonly #unfinished = new Map<Kept, Unfinished>();
  #unfinishedBytes = 0;
  #sweeping = false;

  constructor(limits: KeeperLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Watches a connection until it is forgotten; to be called before anything was read of it. */
  keep(watched: Watched, progress: Progress): Kept {
    const now = this.#clock.monotonic();
    const kept: Kept = { watched, progress, heard: now, pinged: now };
    this.#kept.add(kept);
    this.#sweepLater();
    return kept;
  }

  /** To be called once a connection is closed. */
  forget(kept: Kept): void {
    this.#finish(kept);
    this.#kept.delete(kept);
  }

  /** To be called when bytes came and its progress counts them. */
  heard(kept: Kept): void {
    const { progress } = kept;
    const now = this.#clock.monotonic();
    kept.heard = now;
    const before = this.#unfinished.get(kept);
    if (before && before.completions !== progress.completions) this.#finish(kept); // PORT-35
    if (progress.held === 0) return;
    const unfinished = this.#unfinished.get(kept) ?? this.#begin(kept, now);
    unfinished.pieces++;
    this.#unfinishedBytes -= unfinished.bytes;
    unfinished.bytes = progress.held + PIECE_BYTES * unfinished.pieces;
    this.#unfinishedBytes += unfinished.bytes;
    this.#shed();
  }

  #begin(kept: Kept, since: number): Unfinished {
    const unfinished = { since, bytes: 0, pieces: 0, completions: kept.progress.completions };
    this.#unfinished.set(kept, unfinished);
    return unfinished;
  }

  #finish(kept: Kept): void {
    this.#unfinishedBytes -= this.#unfinished.get(kept)?.bytes ?? 0;
    this.#unfinished.delete(kept);
  }

  /** Closes the oldest until the rest fits: a message that is sent honestly is done before it becomes the oldest. */
  #shed(): void {
    for (const [kept] of this.#unfinished) {
      if (this.#unfinishedBytes <= this.#limits.incompleteBytes) return; // PORT-36
      this.#finish(kept);
      kept.watched.end('too-big', 'too many unfinished messages');
      kept.watched.destroy();
    }
  }

  #sweepLater(): void {
    if (this.#sweeping || this.#kept.size === 0) return;
    this.#sweeping = true;
    const due = this.#clock.monotonic() + SWEEP_MS;
    this.#clock.after(SWEEP_MS, () => {
      this.#sweeping = false;
      const now = this.#clock.monotonic();
      this.#excuse(now - due, now);
      this.#sweep(now);
      this.#sweepLater();
    });
  }

  /** So long this process stood still, and what came meanwhile is read after the timers only: it is nobody's silence. */
  #excuse(stoodMs: number, now: number): void {
    for (const kept of this.#kept) kept.heard = Math.min(kept.heard + stoodMs, now); // PORT-34
    for (const [, unfinished] of this.#unfinished) unfinished.since = Math.min(unfinished.since + stoodMs, now); // PORT-35
  }

  #sweep(now: number): void {
    for (const [kept, unfinished] of this.#unfinished) {
      if (kept.watched.isPaused) unfinished.since = now; // PORT-35
      if (now - unfinished.since < this.#limits.incompleteMs) continue; // PORT-35
      this.#finish(kept);
      kept.watched.end('timeout', 'unfinished message');
    }
    for (const kept of this.#kept) this.#lookAfter(kept, now);
  }

  #lookAfter(kept: Kept, now: number): void {
    const { watched } = kept;
    if (watched.isPaused) kept.heard = now; // PORT-34
    const patience = watched.patience(this.#limits.silenceMs);
    if (now - kept.heard >= patience) return watched.end('timeout', 'no sign of life'); // PORT-34
    if (now - kept.pinged < this.#limits.pingMs) return; // PORT-34
    kept.pinged = now;
    watched.ping();
  }
}
