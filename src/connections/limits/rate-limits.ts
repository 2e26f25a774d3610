import type { PersonId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { type Rate, TokenBucket } from '../../lib/token-bucket.ts';
import { isLoopback } from '../../transports/address.ts';

/** Buckets of so many people are kept; by the time the oldest is dropped it is full again. */
const REMEMBERED = 10_000;

/** How often clients may ask. */
export type Rates = {
  /** Messages, edits and deletions per person, over all connections. */
  readonly messages: Rate;
  /** Changes of name, display name and status, and new tokens, per person. */
  readonly renames: Rate;
  /** Searches per person, over all connections. */
  readonly searches: Rate;
  /** Requests of any kind per connection. */
  readonly requests: Rate;
  /** Requests that need no login, per address. */
  readonly pings: Rate;
  /** Whether connections from this machine are limited too. */
  readonly limitLoopback: boolean;
};

/** How often a person may show that they type. */
const TYPING: Rate = { perSecond: 2, burst: 5 };

type Buckets = { readonly [B in 'messages' | 'renames' | 'typing' | 'searches']: TokenBucket };

/** The buckets of people, which outlive their connections, and of addresses, kept while they have a connection. */
export class RateLimits {
  readonly rates: Rates;
  readonly #clock: Clock;
  readonly #nodesOf: (person: PersonId) => number;
  readonly #people = new BoundedMap<Buckets, PersonId>(REMEMBERED); // CONN-21
  readonly #pings = new Map<string, { bucket: TokenBucket; connections: number }>();

  /** `nodesOf` says on how many nodes a person is present: each gives an equal part of the person's budgets. */
  constructor(rates: Rates, clock: Clock, nodesOf: (person: PersonId) => number) {
    this.rates = rates;
    this.#clock = clock;
    this.#nodesOf = nodesOf;
  }

  /** Whether limits apply to this address (CONN-20). */
  applyTo(address: string): boolean {
    return this.rates.limitLoopback || !isLoopback(address); // CONN-20
  }

  /** A new bucket for the requests of one connection. */
  requests(): TokenBucket {
    return new TokenBucket(this.rates.requests, this.#clock.monotonic());
  }

  /** Returns 0 if the person may do this now, and counts it; else the milliseconds to wait. */
  take(person: PersonId, budget: keyof Buckets): number {
    const now = this.#clock.monotonic();
    const buckets = this.#people.get(person) ?? {
      messages: new TokenBucket(this.rates.messages, now),
      renames: new TokenBucket(this.rates.renames, now),
      typing: new TokenBucket(TYPING, now), // CONN-146
      searches: new TokenBucket(this.rates.searches, now),
    };
    this.#people.set(person, buckets); // CONN-21
    return buckets[budget].take(now, Math.max(1, this.#nodesOf(person))); // CONN-170
  }

  /** Counts one more request that needs no login; false if that is over the limit of the address. */
  mayPing(address: string): boolean {
    return this.#pings.get(address)?.bucket.take(this.#clock.monotonic()) === 0;
  }

  connected(address: string): void {
    const client = this.#pings.get(address);
    if (client !== undefined) client.connections += 1;
    else
      this.#pings.set(address, { bucket: new TokenBucket(this.rates.pings, this.#clock.monotonic()), connections: 1 });
  }

  disconnected(address: string): void {
    const client = this.#pings.get(address);
    if (client === undefined) return;
    client.connections -= 1;
    if (client.connections === 0) this.#pings.delete(address);
  }
}
