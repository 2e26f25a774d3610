import type { Clock } from '../core/ports.ts';
import { BoundedMap } from '../lib/bounded-map.ts';
import { type Rate, TokenBucket } from '../lib/token-bucket.ts';
import { isLoopback } from '../transports/address.ts';

const RATES = {
  read: { perSecond: 20, burst: 100 },
  write: { perSecond: 5, burst: 30 },
} as const satisfies { readonly [kind: string]: Rate };
/** Buckets of so many callers are kept; by the time the oldest is dropped it is full again. */
const REMEMBERED = 10_000;

/** How often one caller may ask the service for something. Callers on this machine, such as its chat server, are not counted. */
export class CallerLimits {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #buckets = { read: new BoundedMap<TokenBucket>(REMEMBERED), write: new BoundedMap<TokenBucket>(REMEMBERED) };

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Returns 0 if the caller may ask now, and counts it; else the milliseconds to wait. */
  take(address: string, kind: keyof typeof RATES): number {
    if (isLoopback(address)) return 0; // LIST-18
    const now = this.#clock.monotonic();
    const bucket = this.#buckets[kind].get(address) ?? new TokenBucket(RATES[kind], now);
    this.#buckets[kind].set(address, bucket);
    return bucket.take(now); // LIST-18
  }
}
