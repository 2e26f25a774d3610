import type { PersonId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { SlidingWindow } from './sliding-window.ts';

const SECOND_MS = 1_000;
const QUARTER_MS = 15 * 60 * SECOND_MS;
const HOUR_MS = 4 * QUARTER_MS;
/** So many wrong tries on one name are a person who mistypes. */
const FREE = 5;
const PER_ADDRESS = 30;
const REMEMBERED = 10_000;
/** So many groups of one person in an hour. */
const GROUPS = 20;

/** Tries of one address on one name without success, and when the last one began. */
type Tries = { readonly count: number; readonly last: number };

/**
 * Slows down whoever guesses passwords or registers by the dozen, over all protocols together; never locks a name for
 * others. Addresses are as `countedAddress` writes them, names as their claim compares them. Knows nothing of which exist.
 */
export class LoginThrottle {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #pairs = new BoundedMap<Tries>(REMEMBERED); // CONN-35
  readonly #addresses = new SlidingWindow(PER_ADDRESS, QUARTER_MS, REMEMBERED);
  readonly #registrations: SlidingWindow;
  readonly #groups = new SlidingWindow(GROUPS, HOUR_MS, REMEMBERED);

  constructor(clock: Pick<Clock, 'monotonic'>, registrationsPerHour = 5) {
    this.#clock = clock;
    this.#registrations = new SlidingWindow(registrationsPerHour, HOUR_MS, REMEMBERED);
  }

  /** 0 if the address may try this name now: then the try counts as failed from here on. Else after how many milliseconds (CONN-30). */
  begin(address: string, name: string): number {
    const now = this.#clock.monotonic();
    const pair = pairOf(address, name);
    const { count, last } = this.#tries(pair, now);
    const wait = Math.max(last + delayAfter(count) - now, this.#addresses.wait(address, now), 0);
    if (wait > 0) return wait; // CONN-31
    this.#pairs.set(pair, { count: count + 1, last: now });
    this.#addresses.add(address, now);
    return 0;
  }

  /** The try that began was right: the name starts anew for this address, which has one failure less. */
  succeeded(address: string, name: string): void {
    this.#pairs.delete(pairOf(address, name));
    this.#addresses.takeBack(address);
  }

  /** Nobody found out whether the try that began was right: it counts for nothing. */
  undecided(address: string, name: string): void {
    const pair = pairOf(address, name);
    const tries = this.#pairs.get(pair);
    if (tries !== undefined) this.#pairs.set(pair, { ...tries, count: Math.max(0, tries.count - 1) });
    this.#addresses.takeBack(address);
  }

  /** 0 if the address may ask for one more account now: then that counts. Else after how many milliseconds. */
  mayRegister(address: string): number {
    const now = this.#clock.monotonic();
    const wait = this.#registrations.wait(address, now);
    if (wait === 0) this.#registrations.add(address, now); // CONN-34
    return wait;
  }

  /** 0 if the person may make one more group now: then that counts, since its name is taken for good. Else after how many milliseconds. */
  mayMakeGroup(person: PersonId): number {
    const now = this.#clock.monotonic();
    const wait = this.#groups.wait(`${person}`, now);
    if (wait === 0) this.#groups.add(`${person}`, now); // CONN-61
    return wait;
  }

  /** That account could not be made, by no fault of who asked: it counts for nothing. */
  notRegistered(address: string): void {
    this.#registrations.takeBack(address);
  }

  #tries(pair: string, now: number): Tries {
    const tries = this.#pairs.get(pair);
    const old = tries === undefined || now - tries.last >= delayAfter(tries.count) + QUARTER_MS; // CONN-31
    return old ? { count: 0, last: now } : tries;
  }
}

/** How long the next try waits after so many failed ones, in milliseconds since the last (CONN-31). */
function delayAfter(count: number): number {
  return count < FREE ? 0 : Math.min(SECOND_MS * 2 ** (count - FREE), QUARTER_MS); // CONN-31
}

/** No address holds a blank. */
function pairOf(address: string, name: string): string {
  return `${address} ${name}`;
}
