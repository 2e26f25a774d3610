import { BoundedMap } from '../../lib/bounded-map.ts';

/** At most so many in any stretch of so many milliseconds, for each key; remembers the keys that were used last. */
export class SlidingWindow {
  readonly #count: number;
  readonly #periodMs: number;
  /** Of each key, the times that count still, the earliest first. */
  readonly #times: BoundedMap<readonly number[]>;

  constructor(count: number, periodMs: number, keys: number) {
    this.#count = count;
    this.#periodMs = periodMs;
    this.#times = new BoundedMap(keys);
  }

  /** 0 if there may be one more now, else after how many milliseconds. */
  wait(key: string, now: number): number {
    const times = this.#within(key, now);
    const [first = now] = times;
    return times.length < this.#count ? 0 : first + this.#periodMs - now; // CONN-32 CONN-34
  }

  /** One more happened. */
  add(key: string, now: number): void {
    this.#times.set(key, [...this.#within(key, now), now]);
  }

  /** The last one shall not have happened. */
  takeBack(key: string): void {
    const left = this.#times.get(key)?.slice(0, -1) ?? [];
    if (left.length === 0) this.#times.delete(key);
    else this.#times.set(key, left);
  }

  #within(key: string, now: number): readonly number[] {
    return (this.#times.get(key) ?? []).filter((time) => now - time < this.#periodMs);
  }
}
