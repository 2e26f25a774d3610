import type { Log } from '../../../core/ports.ts';
import { numberArray, textArray } from './arrays.ts';
import type { WriterConnection } from './connection.ts';

/** What a node knows of the history that it serves. */
export type HistoryOptions = {
  readonly node: string;
  /** The identity that the history had when the store was opened. */
  readonly identity: string;
  readonly newIdentity: () => string;
  readonly log: Log;
};

/**
 * Notices that the database has lost batches that were acknowledged: a standby took over that did not have them. Then what nodes
 * have in memory is not what is stored, so each has to end, and the history gets another identity.
 */
export class History {
  readonly identity: string;
  /** Resolves when acknowledged batches turn out to be lost: from then on the store answers nothing. */
  readonly lost: Promise<Error>;
  readonly #options: HistoryOptions;
  readonly #lose: (error: Error) => void;
  readonly #others = new Map<string, number>();
  #acknowledged = 0;
  #error: Error | null = null;

  constructor(options: HistoryOptions) {
    this.identity = options.identity;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.lost = promise;
    this.#lose = resolve;
  }

  /** Why nothing can be answered any more; null as long as nothing is lost. */
  get error(): Error | null {
    return this.#error;
  }

  /** The number of this node's newest batch. */
  get newest(): number {
    return this.#acknowledged;
  }

  /** The batch of this number is committed, or its number is used up. */
  reach(number: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, number);
  }

  /** Another node had committed a batch of this number: the database has to have it, too. */
  expect(node: string, number: number): void {
    this.#others.set(node, number);
  }

  /** Compares the database with what is known to be committed; rejects if that is not there. To be called on each new connection. */
  async check(connection: WriterConnection): Promise<void> {
    if (this.#error !== null) throw this.#error;
    const { node, log } = this.#options;
    const known = [[node, this.#acknowledged] as const, ...this.#others];
    this.#others.clear();
    const values = [textArray(known.map(([node]) => node)), numberArray(known.map(([, number]) => number))];
    const { rows } = await connection.ask({ name: 'history', text: HISTORY, values });
    const found = rows as { identity: string; node: string; known: number; newest: number }[];
    const lost = found.find(({ identity, known, newest }) => identity !== this.identity || newest < known); // STORE-220
    if (lost === undefined) {
      for (const row of found) if (row.node === node) this.reach(row.newest);
      return;
    }
    log.error('history-lost', { node: lost.node, acknowledged: lost.known, found: lost.newest }); // STORE-220
    // Of several nodes that notice it, one changes the identity.
    const identities = [this.#options.newIdentity(), this.identity];
    await connection.ask({ name: 'new identity', text: NEW_IDENTITY, values: identities }); // STORE-221
    this.#error = new Error(
      'the database lost batches that it had acknowledged: a standby took over that did not have them. Start this node again',
    );
    this.#lose(this.#error);
    throw this.#error;
  }
}

const HISTORY = `SELECT (SELECT identity FROM meta) AS identity, v.node, v.number AS known,
    coalesce((SELECT max(number) FROM batch b WHERE b.node = v.node), 0) AS newest
  FROM unnest($1::text[], $2::bigint[]) v (node, number)`;
const NEW_IDENTITY = 'UPDATE meta SET identity = $1 WHERE identity = $2';
