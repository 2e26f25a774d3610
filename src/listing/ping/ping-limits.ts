import { SlidingWindow } from '../../connections/limits/sliding-window.ts';
import type { Clock } from '../../core/ports.ts';
import { countedAddress } from '../../transports/address.ts';

/** A name with more addresses is not pinged: one ping may connect to all of them. */
export const MAX_ADDRESSES = 8;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Pings to one IP address in a minute. */
const PER_TARGET = 6;
/** Of these, pings that callers cause: so they leave room for the checks of what is listed. */
const PER_TARGET_BY_CALLERS = 3;
/** Requests of one caller in a minute. */
const PER_CALLER = 30;
/** Requests of all callers in a second. */
const ALL_CALLERS = 20;
const ALL = '';
/** Requests of all callers in a minute: no caller is forgotten in its minute. */
const CALLER_KEYS = (ALL_CALLERS * MINUTE_MS) / SECOND_MS;
/** Each of 10,000 listed servers is checked once a minute. */
const CHECKS_PER_MINUTE = 10_000;
/** Addresses of all pings in a minute: a target that is forgotten within it could be pinged too often. */
const TARGET_KEYS = (CALLER_KEYS + CHECKS_PER_MINUTE) * MAX_ADDRESSES;

/**
 * Limits how often servers are pinged, by IP address (or IPv6 network), whatever names and ports they have; and how often callers
 * may cause that. Each method returns 0 and counts, or returns the milliseconds to wait and counts nothing.
 */
export class PingLimits {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #callers = new SlidingWindow(PER_CALLER, MINUTE_MS, CALLER_KEYS);
  readonly #allCallers = new SlidingWindow(ALL_CALLERS, SECOND_MS, 1);
  readonly #targets = new SlidingWindow(PER_TARGET, MINUTE_MS, TARGET_KEYS);
  readonly #targetsOfCallers = new SlidingWindow(PER_TARGET_BY_CALLERS, MINUTE_MS, CALLER_KEYS * MAX_ADDRESSES);

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Asks for a request that causes a ping. Ask before the name is resolved, since that costs others something, too. */
  admitCaller(caller: string): number {
    const [now, key] = [this.#clock.monotonic(), countedAddress(caller)];
    const wait = Math.max(this.#callers.wait(key, now), this.#allCallers.wait(ALL, now)); // LIST-62
    if (wait > 0) return wait;
    this.#callers.add(key, now);
    this.#allCallers.add(ALL, now);
    return 0;
  }

  /** Asks for a ping to these addresses that a caller causes. */
  admitCallersPing(targets: readonly string[]): number {
    return this.#admit(targets, [this.#targets, this.#targetsOfCallers]); // LIST-61
  }

  /**
   * Asks for a ping to these addresses that checks a listed server. One that is hidden counts as caused by its caller: its name may
   * lead to a victim by now, and it must take no room from the check of a server that is there.
   */
  admitCheck(targets: readonly string[], isShown: boolean): number {
    return isShown ? this.#admit(targets, [this.#targets]) : this.admitCallersPing(targets); // LIST-60 LIST-61
  }

  #admit(targets: readonly string[], windows: readonly SlidingWindow[]): number {
    const now = this.#clock.monotonic();
    const keys = [...new Set(targets.map(countedAddress))]; // LIST-60
    const wait = Math.max(0, ...keys.flatMap((key) => windows.map((window) => window.wait(key, now))));
    if (wait > 0) return wait; // LIST-63
    for (const window of windows) for (const key of keys) window.add(key, now);
    return 0;
  }
}
