/** How many per second on average, and how many at once. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** Limits events to a rate. Times are milliseconds of a monotonic clock. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /**
   * Takes a token and returns 0, or returns the milliseconds until there will be one. If so many buckets share the rate, this one
   * has an equal part of it, with room for a whole number of tokens.
   */
  take(now: number, sharers = 1): number {
    const perSecond = this.#rate.perSecond / sharers;
    const burst = Math.ceil(this.#rate.burst / sharers);
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perSecond) / 1000);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1000) / perSecond);
    this.#tokens -= 1;
    return 0;
  }
}
