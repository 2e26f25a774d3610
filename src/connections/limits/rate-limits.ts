import type { PersonId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { type Rate, TokenBucket } from '../../lib/token-bucket.ts';
import { isLoopback } from '../../transports/address.ts';

/** So many people's buckets are kept: whoever asked for nothing while so many others did has full ones by then. */
const REMEMBERED = 10_000;

/** How much anybody may ask for. */
export type Rates = {
  /** Messages and edits of a person, over all connections. */
  readonly messages: Rate;
  /** Changes of name of a person. */
  readonly renames: Rate;
  /** Requests of a connection, of whatever kind. */
  readonly requests: Rate;
  /** What needs no login, of an address. */
  readonly pings: Rate;
  /** Whether connections from this machine are limited too. */
  readonly limitLoopback: boolean;
};

type Buckets = { readonly messages: TokenBucket; readonly renames: TokenBucket };

/** Buckets of people, whose coming and going changes nothing of them, and of addresses, kept while somebody is connected from there. */
export class RateLimits {
  readonly rates: Rates;
  readonly #clock: Clock;
  readonly #people = new BoundedMap<Buckets, PersonId>(REMEMBERED); // CONN-21
  readonly #pings = new Map<string, { bucket: TokenBucket; connections: number }>();

  constructor(rates: Rates, clock: Clock) {
    this.rates = rates;
    this.#clock = clock;
  }

  /** Whether limits hold for this address (CONN-20). */
  applyTo(address: string): boolean {
    return this.rates.limitLoopback || !isLoopback(address); // CONN-20
  }

  /** A bucket for one connection's requests. */
  requests(): TokenBucket {
    return new TokenBucket(this.rates.requests, this.#clock.monotonic());
  }

  /** 0 if the person may do this now, else how many milliseconds to wait; one budget over all connections (CONN-21). */
  take(person: PersonId, what: 'messages' | 'renames'): number {
    const now = this.#clock.monotonic();
    const buckets = this.#people.get(person) ?? {
      messages: new TokenBucket(this.rates.messages, now),
      renames: new TokenBucket(this.rates.renames, now),
    };
    this.#people.set(person, buckets); // CONN-21
    return buckets[what].take(now);
  }

  /** True if the address may have one more answer that needs no login. */
  mayPing(address: string): boolean {
    return this.#pings.get(address)?.bucket.take(this.#clock.monotonic()) === 0;
  }

  connected(address: string): void {
    const known = this.#pings.get(address);
    if (known !== undefined) known.connections += 1;
    else
      this.#pings.set(address, { bucket: new TokenBucket(this.rates.pings, this.#clock.monotonic()), connections: 1 });
  }

  disconnected(address: string): void {
    const known = this.#pings.get(address);
    if (known === undefined) return;
    known.connections -= 1;
    if (known.connections === 0) this.#pings.delete(address);
  }
}
