import { BoundedMap } from '../../lib/bounded-map.ts';

/** Allows `count` occurrences per key in any `periodMs` milliseconds; remembers the `keys` keys that were used last. */
export class SlidingWindow {
  readonly #count: number;
  readonly #periodMs: number;
  /** By key, the times within the period, the earliest first. */
  readonly #times: BoundedMap<readonly number[]>;

  constructor(count: number, periodMs: number, keys: number) {
    this.#count = count;
    this.#periodMs = periodMs;
    this.#times = new BoundedMap(keys);
  }

  /** Returns 0 if one more is allowed now, else the milliseconds to wait. Counts nothing. */
  wait(key: string, now: number): number {
    const times = this.#within(key, now);
    const last = times.at(-this.#count); // With the ones that other nodes allowed there may be more than `count`.
    return last === undefined ? 0 : last + this.#periodMs - now; // CONN-32 CONN-34
  }

  /** Counts one more, also over the limit. Of a key twice as many as are allowed are kept, so that taking some back allows no more. */
  add(key: string, now: number): void {
    this.#times.set(key, [...this.#within(key, now), now].slice(-2 * this.#count)); // CONN-171
  }

  /** Removes the last occurrence. */
  takeBack(key: string): void {
    const left = this.#times.get(key)?.slice(0, -1) ?? [];
    if (left.length === 0) this.#times.delete(key);
    else this.#times.set(key, left);
  }

  #within(key: string, now: number): readonly number[] {
    return (this.#times.get(key) ?? []).filter((time) => now - time < this.#periodMs);
  }
}
