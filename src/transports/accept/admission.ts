import type { Clock, Log } from '../../core/ports.ts';
import type { Ticket } from '../accepted.ts';
import { isLoopback } from '../address.ts';
import { OnceAMinute } from './once-a-minute.ts';

const MINUTE_MS = 60_000;

/** How many connections are admitted. Counts are over all ports that share one `Admission`. */
export type AdmissionLimits = {
  /** Over all addresses: the file descriptors of the process, less those it needs itself. */
  readonly connections: number;
  readonly perAddress: number;
  /** Of those `perAddress`, how many without a login. */
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

type Count = { connections: number; unauthenticated: number };

/** Counts connections by address and decides which are admitted (T29, T37). */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #refused: OnceAMinute;
  readonly #counts = new Map<string, Count>();
  #connections = 0;
  #minute = 0;
  #accepted = new Map<string, number>();

  constructor(limits: AdmissionLimits, clock: Clock, log: Log) {
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
    this.#refused = new OnceAMinute(clock);
  }

  get connections(): number {
    return this.#connections;
  }

  /** A ticket for one more connection from this address, which must be as `countedAddress` writes it; null if it is refused. */
  admit(address: string): Ticket | null {
    this.#startMinute();
    const reason = this.#refusal(address);
    if (reason !== null) {
      this.#logRefusal(address, reason);
      return null;
    }
    this.#accepted.set(address, (this.#accepted.get(address) ?? 0) + 1);
    return this.#ticket(address);
  }

  #refusal(address: string): string | null {
    const limits = this.#limits;
    if (this.#connections >= limits.connections) return 'server full'; // PORT-21
    if (limits.exemptLoopback && isLoopback(address)) return null; // PORT-20
    const count = this.#counts.get(address);
    if (count && count.connections >= limits.perAddress) return 'too many connections'; // PORT-18
    if (count && count.unauthenticated >= limits.unauthenticatedPerAddress) return 'too many without login'; // PORT-18
    if ((this.#accepted.get(address) ?? 0) >= limits.newPerMinute) return 'too many in a minute'; // PORT-18
    return null;
  }

  #ticket(address: string): Ticket {
    const count = this.#counts.get(address) ?? { connections: 0, unauthenticated: 0 };
    this.#counts.set(address, count);
    this.#connections++;
    count.connections++;
    count.unauthenticated++;
    let isLoggedIn = false;
    let isOpen = true;

    const loggedIn = () => {
      if (!isLoggedIn) count.unauthenticated--; // PORT-41
      isLoggedIn = true;
    };
    const release = () => {
      if (!isOpen) return;
      isOpen = false;
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
    this.#accepted = new Map();
  }

  #logRefusal(address: string, reason: string): void {
    if (this.#refused.isFirst(address)) this.#log.warn('connection-refused', { address, reason }); // PORT-22
  }
}
