import { BoundedMap } from '../../lib/bounded-map.ts';
import type { Result } from '../../lib/result.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { IdResult } from './id-commands.ts';

/** The different requests of one connection that are counted, and the results that memory keeps. */
const COUNTED = 1_000;

/** How storage keeps the result of a request: with the connection on which it was done. */
type Kept = { readonly connection: string; readonly result: IdResult };

/** One request of a named session: the `count`-th on its connection with this id and data. */
export type RequestName = {
  /** The digest of the session's secret. */
  readonly session: string;
  readonly request: string;
  readonly count: number;
  readonly connection: string;
};

type Settled = (result: Result<IdResult, Refusal>) => void;

/** Finds out which requests of a session were sent before, on an earlier connection, and knows those that are not done yet. */
export class RepeatedRequests {
  readonly #connection: string;
  readonly #counts = new BoundedMap<number>(COUNTED);
  /** Requests that are not done yet, those of earlier connections too. */
  readonly #running: Map<string, Settled[]>;
  /** Results that storage does not keep. */
  readonly #results: BoundedMap<Kept>;
  /** Whether requests may be repetitions: the session was on another connection before. */
  readonly isLater: boolean;

  /** The requests of a connection of this id; `earlier` are those of connections before, if memory knows them. */
  constructor(connection: string, isLater: boolean, earlier: RepeatedRequests | null = null) {
    this.#connection = connection;
    this.isLater = isLater;
    this.#running = earlier === null ? new Map() : earlier.#running;
    this.#results = earlier === null ? new BoundedMap(COUNTED) : earlier.#results;
  }

  /** Names a request that has just come. `request` says all about it: its id, its class and its data. */
  name(session: string, request: string): RequestName {
    const count = (this.#counts.get(request) ?? 0) + 1;
    this.#counts.set(request, count); // CONN-152
    return { session, request, count, connection: this.#connection };
  }

  /** If this request of an earlier connection is not done yet, `settled` gets its result later; else returns false. */
  joins(name: RequestName, settled: Settled): boolean {
    const waiting = this.#running.get(keyOf(name));
    waiting?.push(settled); // CONN-153
    return waiting !== undefined;
  }

  /** The command of a request begins; the returned function is to be called with its result. */
  begin(name: RequestName): Settled {
    const key = keyOf(name);
    const waiting: Settled[] = [];
    this.#running.set(key, waiting);
    return (result) => {
      this.#running.delete(key);
      for (const settled of waiting) settled(result);
    };
  }

  /** Keeps a result in memory. */
  keep(name: RequestName, result: IdResult): void {
    this.#results.set(keyOf(name), { connection: name.connection, result });
  }

  /** A result in memory of an earlier connection. */
  kept(name: RequestName): IdResult | null {
    const kept = this.#results.get(keyOf(name));
    return kept === undefined || kept.connection === name.connection ? null : kept.result;
  }
}

/** Under this scope storage keeps the results of a session's requests: half of its digest is enough to tell it from all others. */
export function scopeOf({ session }: RequestName): string {
  return `session/${session.slice(0, 32)}`;
}

/** What names the request in its scope. */
export function keyOf({ request, count }: RequestName): string {
  return count === 1 ? request : `${request} ${count}`;
}

/** The result of a command as storage keeps it. */
export function writeKept({ connection }: RequestName, result: IdResult): string {
  return JSON.stringify({ connection, result } satisfies Kept);
}

/** A result that storage kept; null if it is one of the same connection, where nothing is a repetition. */
export function readKept({ connection }: RequestName, text: string): IdResult | null {
  const kept = JSON.parse(text) as Kept;
  return kept.connection === connection ? null : kept.result; // CONN-152
}
