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
  unauthenticatedPerAddress: 64,
  newPerMinute: 64,
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
  readonly #refusedOne: () => void;
  #connections = 0;
  #minute = 0;
  #accepted = new Map<string, number>();

  /** `refused` is called for each refusal; the log has only the first one of an address in a minute. */
  constructor(limits: AdmissionLimits, clock: Clock, log: Log, refused: () => void = () => {}) {
    this.#refusedOne = refused;
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
    const ticket = this.admitProxy(address);
    if (ticket === null || ticket.assign(address)) return ticket;
    ticket.release();
    return null;
  }

  /** The same for a trusted proxy; the ticket counts for no address until the client's is assigned. */
  admitProxy(address: string): Ticket | null {
    if (this.#connections < this.#limits.connections) return this.#ticket(); // PORT-21
    this.#refuse(address, 'server full');
    return null;
  }

  /** Counts one more connection of this address; null if it is refused. */
  #count(address: string): Count | null {
    this.#startMinute();
    const reason = this.#refusal(address);
    if (reason !== null) {
      this.#refuse(address, reason);
      return null;
    }
    const count = this.#counts.get(address) ?? { connections: 0, unauthenticated: 0 };
    this.#counts.set(address, count);
    this.#accepted.set(address, (this.#accepted.get(address) ?? 0) + 1);
    count.connections++;
    count.unauthenticated++;
    return count;
  }

  #refusal(address: string): string | null {
    const limits = this.#limits;
    if (limits.exemptLoopback && isLoopback(address)) return null; // PORT-20
    const count = this.#counts.get(address);
    if (count && count.connections >= limits.perAddress) return 'too many connections'; // PORT-18
    if (count && count.unauthenticated >= limits.unauthenticatedPerAddress) return 'too many without login'; // PORT-18
    if ((this.#accepted.get(address) ?? 0) >= limits.newPerMinute) return 'too many in a minute'; // PORT-18
    return null;
  }

  #ticket(): Ticket {
    this.#connections++;
    let counted: { readonly address: string; readonly count: Count } | null = null;
    let isLoggedIn = false;
    let isOpen = true;

    const assign = (address: string) => {
      if (counted !== null || !isOpen) return isOpen;
      const count = this.#count(address);
      if (count !== null) counted = { address, count };
      return count !== null;
    };
    const loggedIn = () => {
      if (!isLoggedIn && counted !== null) counted.count.unauthenticated--; // PORT-41
      isLoggedIn = true;
    };
    const release = () => {
      if (!isOpen) return;
      isOpen = false;
      loggedIn();
      this.#connections--;
      if (counted === null) return;
      counted.count.connections--;
      if (counted.count.connections === 0) this.#counts.delete(counted.address);
    };
    return { assign, loggedIn, release };
  }

  #startMinute(): void {
    const minute = Math.floor(this.#clock.monotonic() / MINUTE_MS);
    if (minute === this.#minute) return; // PORT-18
    this.#minute = minute;
    this.#accepted = new Map();
  }

  #refuse(address: string, reason: string): void {
    this.#refusedOne(); // SERVER-42
    if (this.#refused.isFirst(address)) this.#log.warn('connection-refused', { address, reason }); // PORT-22
  }
}
