import type { Ban } from '../../core/model/entries.ts';
import { AddressRanges } from '../../transports/address-ranges.ts';

/** Finds the ban of an address among all bans. */
export class AddressBans {
  readonly #bans: () => Iterable<Ban>;
  readonly #now: () => number;
  readonly #ranges = new WeakMap<Ban, AddressRanges>();

  /** `now` is in ms since 1970. */
  constructor(bans: () => Iterable<Ban>, now: () => number) {
    this.#bans = bans;
    this.#now = now;
  }

  /** The ban in force of this address, which must be as `countedAddress` writes it; undefined without one. */
  on(address: string): Ban | undefined {
    for (const ban of this.#bans()) if (this.covers(ban, address)) return ban;
    return undefined;
  }

  /** Whether a ban is one of addresses, in force, and has this address in it. */
  covers(ban: Ban, address: string): boolean {
    if (ban.address !== true || (ban.until !== null && ban.until <= this.#now())) return false;
    const ranges = this.#ranges.get(ban) ?? new AddressRanges([ban.name]);
    this.#ranges.set(ban, ranges);
    return ranges.has(address.replace(/\/.*$/, '')); // CONN-102
  }
}
