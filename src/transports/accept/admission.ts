import type { Clock, Log } from '../../core/ports.ts';
import { isLoopback } from '../address.ts';

const MINUTE_MS = 60_000;

/** How many connections may come, all counts over all ports that share one `Admission`. */
export type AdmissionLimits = {
  /** Over all addresses; what the process has descriptors for, less those it needs itself. */
  readonly connections: number;
  readonly perAddress: number;
  /** Of those, the ones on which nobody has logged in yet. */
  readonly unauthenticatedPerAddress: number;
  readonly newPerMinute: number;
  readonly exemptLoopback: boolean;
};

export const defaultAdmissionLimits: AdmissionLimits = {
  connections: 20_000,
  perAddress: 64,
  unauthenticatedPerAddress: 20,
  newPerMinute: 60,
  exemptLoopback: true,
};

/** One admitted connection. Both calls may be repeated; only the first counts. */
export type Ticket = {
  /** It is no stranger's any more. */
  loggedIn(): void;
  /** It is over. */
  release(): void;
};

type Count = { connections: number; unauthenticated: number };

/** Counts connections by address and says which may come (T29, T37). */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counts = new Map<string, Count>();
  #connections = 0;
  #minute = 0;
  #arrivals = new Map<string, number>();
  #refused = new Set<string>();

  constructor(limits: AdmissionLimits, clock: Clock, log: Log) {
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
  }

  /** How many are connected. */
  get connections(): number {
    return this.#connections;
  }

  /** A ticket for one more connection from this address, as `countedAddress` writes it; null if it may not come. */
  admit(address: string): Ticket | null {
    this.#startMinute();
    const reason = this.#refusal(address);
    if (reason !== null) {
      this.#report(address, reason);
      return null;
    }
    this.#arrivals.set(address, (this.#arrivals.get(address) ?? 0) + 1);
    return this.#ticket(address);
  }

  #refusal(address: string): string | null {
    const limits = this.#limits;
    if (this.#connections >= limits.connections) return 'server full'; // PORT-21
    if (limits.exemptLoopback && isLoopback(address)) return null; // PORT-20
    const count = this.#counts.get(address);
    if (count && count.connections >= limits.perAddress) return 'too many connections'; // PORT-18
    if (count && count.unauthenticated >= limits.unauthenticatedPerAddress) return 'too many without login'; // PORT-18
    if ((this.#arrivals.get(address) ?? 0) >= limits.newPerMinute) return 'too many in a minute'; // PORT-18
    return null;
  }

  #ticket(address: string): Ticket {
    const count = this.#counts.get(address) ?? { connections: 0, unauthenticated: 0 };
    this.#counts.set(address, count);
    this.#connections++;
    count.connections++;
    count.unauthenticated++;
    let stranger = true;
    let open = true;

    const loggedIn = () => {
      if (stranger) count.unauthenticated--; // PORT-41
      stranger = false;
    };
    const release = () => {
      if (!open) return;
      open = false;
      loggedIn();
      this.#connections--;
      count.connections--;
      if (count.connections === 0) this.#counts.delete(address);
    };
    return { loggedIn, release };
  }

  #startMinute(): void {
    const minute = Math.floor(this.#clock.monotonic() / MINUTE_MS);
    if (minute === this.#minute) return; // PORT-18
    this.#minute = minute;
    this.#arrivals = new Map();
    this.#refused = new Set();
  }

  /** Once an address and minute, so that a flood does not become a flood of lines (T43). */
  #report(address: string, reason: string): void {
    if (this.#refused.has(address)) return; // PORT-22
    this.#refused.add(address);
    this.#log.warn('connection-refused', { address, reason });
  }
}
