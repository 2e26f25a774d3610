/** Exponential backoff: waits a random part of `first` ms, doubled at each failure up to `last` ms. */
export class Backoff {
  readonly #first: number;
  readonly #last: number;
  readonly #random: () => number;
  #failures = 0;

  /** `random` returns numbers from 0 up to, not including, 1. */
  constructor(first: number, last: number, random: () => number) {
    this.#first = first;
    this.#last = last;
    this.#random = random;
  }

  /** Counts a failure; returns the ms to wait after it. */
  next(): number {
    return this.#random() * Math.min(this.#last, this.#first * 2 ** this.#failures++);
  }

  /** Starts again with `first`. */
  reset(): void {
    this.#failures = 0;
  }
}
