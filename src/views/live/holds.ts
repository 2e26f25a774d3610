import type { Clock } from '../../core/ports.ts';

/** How long what was used stays in memory. */
export const KEEP_MS = 30 * 60_000;
const SWEEP_MS = 60_000;

/** Keeps things in memory while they are used, and for 30 minutes after that. */
export class Holds<K> {
  readonly #clock: Clock;
  readonly #inUse: () => Iterable<K>;
  readonly #release: (key: K) => void;
  /** When each was used last, in monotonic milliseconds; the one that was used longest ago comes first. */
  readonly #used = new Map<K, number>();
  #stopTimer: (() => void) | null = null;

  /** `inUse` gives what is used all the time; `release` is called for what is used no more. */
  constructor(clock: Clock, inUse: () => Iterable<K>, release: (key: K) => void) {
    this.#clock = clock;
    this.#inUse = inUse;
    this.#release = release;
  }

  has(key: K): boolean {
    return this.#used.has(key);
  }

  /** It is used now. */
  use(key: K): void {
    this.#used.delete(key);
    this.#used.set(key, this.#clock.monotonic());
    this.#stopTimer ??= this.#clock.after(SWEEP_MS, () => this.#sweep());
  }

  close(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    for (const key of this.#used.keys()) this.#release(key);
    this.#used.clear();
  }

  #sweep(): void {
    this.#stopTimer = null;
    for (const key of this.#inUse()) if (this.has(key)) this.use(key); // VIEW-42
    const now = this.#clock.monotonic();
    for (const [key, usedAt] of this.#used) {
      if (now - usedAt < KEEP_MS) break; // VIEW-42
      this.#used.delete(key);
      this.#release(key);
    }
    if (this.#used.size > 0) this.#stopTimer ??= this.#clock.after(SWEEP_MS, () => this.#sweep());
  }
}
