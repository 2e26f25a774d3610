import type { Attempt } from '../../core/model/bus-message.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { SlidingWindow } from './sliding-window.ts';

const SECOND_MS = 1_000;
const QUARTER_MS = 15 * 60 * SECOND_MS;
const HOUR_MS = 4 * QUARTER_MS;
/** Failed attempts on one name before an address must wait: enough for a person who mistypes. */
const FREE_ATTEMPTS = 5;
/** Failed attempts of one address in a quarter of an hour. */
const PER_ADDRESS = 30;
const REMEMBERED = 10_000;
/** Secrets that one address may try in a minute and that are unknown: of sessions, and of invitations. */
const UNKNOWN = 10;
const MINUTE_MS = 60 * SECOND_MS;
/** Groups that one person creates in an hour. */
const GROUPS = 20;

/** How many attempts of one address on one name failed, and when the last one began. */
type FailedAttempts = { readonly count: number; readonly last: number };

/**
 * Limits login attempts, registrations, new groups and guesses at secrets, over all protocols together. One address never locks a name for
 * others. Addresses are written as by `countedAddress`; names are skeletons, whether or not they exist. What it counts for good it
 * tells, and what other nodes counted it is told (`heard`): then both have the same limits, but for what is on its way (CONN-171).
 */
export class LoginThrottle {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #tell: (attempt: Attempt) => void;
  readonly #pairs = new BoundedMap<FailedAttempts>(REMEMBERED); // CONN-35
  readonly #addresses = new SlidingWindow(PER_ADDRESS, QUARTER_MS, REMEMBERED);
  readonly #registrations: SlidingWindow;
  readonly #reconnects = new SlidingWindow(UNKNOWN, MINUTE_MS, REMEMBERED);
  readonly #invitations = new SlidingWindow(UNKNOWN, MINUTE_MS, REMEMBERED);
  readonly #groups = new SlidingWindow(GROUPS, HOUR_MS, REMEMBERED);

  constructor(clock: Pick<Clock, 'monotonic'>, registrationsPerHour: number, tell: (attempt: Attempt) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#registrations = new SlidingWindow(registrationsPerHour, HOUR_MS, REMEMBERED);
  }

  /** Returns 0 if the address may attempt this name now, and counts the attempt as failed (CONN-30); else the milliseconds to wait. */
  begin(address: string, name: string): number {
    const now = this.#clock.monotonic();
    const pair = pairOf(address, name);
    const { count, last } = this.#failed(pair, now);
    const wait = Math.max(last + delayAfter(count) - now, this.#addresses.wait(address, now), 0);
    if (wait > 0) return wait; // CONN-31
    this.#pairs.set(pair, { count: count + 1, last: now });
    this.#addresses.add(address, now);
    return 0;
  }

  /** An attempt failed: it stays counted. */
  failed(address: string, name: string): void {
    this.#tell({ type: 'login-failed', address, name }); // CONN-172
  }

  /** An attempt succeeded: forgets the failures of this address on this name, and takes back one of the address. */
  succeeded(address: string, name: string): void {
    const pair = pairOf(address, name);
    const attempts = this.#pairs.get(pair)?.count ?? 0;
    this.#pairs.delete(pair);
    this.#addresses.takeBack(address);
    if (attempts > 1) this.#tell({ type: 'login-succeeded', address, name }); // CONN-172
  }

  /** An attempt could not be decided: takes it back. */
  undecided(address: string, name: string): void {
    const pair = pairOf(address, name);
    const failed = this.#pairs.get(pair);
    if (failed !== undefined) this.#pairs.set(pair, { ...failed, count: Math.max(0, failed.count - 1) });
    this.#addresses.takeBack(address);
  }

  /** Returns 0 if the address may register one more account now, and counts it; else the milliseconds to wait. */
  mayRegister(address: string): number {
    const now = this.#clock.monotonic();
    const wait = this.#registrations.wait(address, now);
    if (wait === 0) this.#registrations.add(address, now); // CONN-34
    return wait;
  }

  /** Returns 0 if the address may try to go on with a session now, else the milliseconds to wait. */
  mayReconnect(address: string): number {
    return this.#reconnects.wait(address, this.#clock.monotonic()); // CONN-138
  }

  /** The address tried to go on with a session that is unknown. */
  unknownSession(address: string): void {
    this.#reconnects.add(address, this.#clock.monotonic()); // CONN-138
    this.#tell({ type: 'unknown-session', address }); // CONN-171
  }

  /** Returns 0 if the address may try the code of an invitation now, else the milliseconds to wait. */
  mayTryInvitation(address: string): number {
    return this.#invitations.wait(address, this.#clock.monotonic()); // CONN-165
  }

  /** The address tried a code that leads nowhere. */
  unknownInvitation(address: string): void {
    this.#invitations.add(address, this.#clock.monotonic()); // CONN-165
    this.#tell({ type: 'unknown-invitation', address }); // CONN-171
  }

  /** Returns 0 if the person may create one more group now, and counts it; else the milliseconds to wait. */
  mayMakeGroup(person: PersonId): number {
    const now = this.#clock.monotonic();
    const wait = this.#groups.wait(`${person}`, now);
    if (wait > 0) return wait;
    this.#groups.add(`${person}`, now); // CONN-61
    this.#tell({ type: 'group-made', person }); // CONN-171
    return 0;
  }

  /** A registration succeeded, or failed by the choice of the client: it stays counted. */
  registered(address: string): void {
    this.#tell({ type: 'registered', address }); // CONN-172
  }

  /** A registration failed through no fault of the client: takes it back. */
  notRegistered(address: string): void {
    this.#registrations.takeBack(address);
  }

  /** Another node counted this: counts it here as of now, also over a limit. */
  heard(attempt: Attempt): void {
    const now = this.#clock.monotonic();
    switch (attempt.type) {
      case 'login-failed': {
        const pair = pairOf(attempt.address, attempt.name);
        this.#pairs.set(pair, { count: this.#failed(pair, now).count + 1, last: now }); // CONN-171
        return this.#addresses.add(attempt.address, now); // CONN-171
      }
      case 'login-succeeded':
        return this.#pairs.delete(pairOf(attempt.address, attempt.name)); // CONN-172
      case 'registered':
        return this.#registrations.add(attempt.address, now); // CONN-171
      case 'unknown-session':
        return this.#reconnects.add(attempt.address, now); // CONN-171
      case 'unknown-invitation':
        return this.#invitations.add(attempt.address, now); // CONN-171
      case 'group-made':
        return this.#groups.add(`${attempt.person}`, now); // CONN-171
    }
  }

  #failed(pair: string, now: number): FailedAttempts {
    const failed = this.#pairs.get(pair);
    const old = failed === undefined || now - failed.last >= delayAfter(failed.count) + QUARTER_MS; // CONN-31
    return old ? { count: 0, last: now } : failed;
  }
}

/** The milliseconds between the last of `count` failed attempts and the next one (CONN-31). */
function delayAfter(count: number): number {
  return count < FREE_ATTEMPTS ? 0 : Math.min(SECOND_MS * 2 ** (count - FREE_ATTEMPTS), QUARTER_MS); // CONN-31
}

/** Unambiguous, since no address contains a space. */
function pairOf(address: string, name: string): string {
  return `${address} ${name}`;
}
