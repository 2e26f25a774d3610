import type { Ban } from '../../core/model/entries.ts';
import type { Clock } from '../../core/ports.ts';
import { AddressRanges } from '../../transports/address-ranges.ts';

/** Finds the ban of an address among all bans. */
export class AddressBans {
  readonly #bans: () => Iterable<Ban>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #ranges = new WeakMap<Ban, AddressRanges>();

  constructor(bans: () => Iterable<Ban>, clock: Pick<Clock, 'now'>) {
    this.#bans = bans;
    this.#clock = clock;
  }

  /** The ban in force of this address, which must be as `countedAddress` writes it; undefined without one. */
  on(address: string): Ban | undefined {
    for (const ban of this.#bans()) if (this.covers(ban, address)) return ban;
    return undefined;
  }

  /** Whether a ban is one of addresses, in force, and has this address in it. */
  covers(ban: Ban, address: string): boolean {
    if (ban.address !== true || (ban.until !== null && ban.until <= this.#clock.now())) return false;
    const ranges = this.#ranges.get(ban) ?? new AddressRanges([ban.name]);
    this.#ranges.set(ban, ranges);
    return ranges.has(address.replace(/\/.*$/, '')); // CONN-102
  }
}
