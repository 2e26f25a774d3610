import type { AppendItem, AppendResult, Clock, Log } from '../../../core/ports.ts';
import type { StreamId } from '../../../core/model/ids.ts';
import { BoundedMap } from '../../../lib/bounded-map.ts';
import { reasonOf } from '../../../lib/reason.ts';
import { unavailable } from '../../unavailable.ts';
import { fastAppend } from './append.ts';
import { NOTHING } from './batch-parts.ts';
import type { Target } from '../connection.ts';
import { type EncodedItem, encodeItem } from './encoded.ts';
import type { History } from './history.ts';
import { ConditionalStatements } from './parts.ts';
import { prepareAppend, ROLLBACK } from './transaction.ts';
import { type Answer, WriterConnection } from './connection.ts';

export type WriterOptions = {
  readonly target: Target;
  readonly node: string;
  readonly history: History;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
};

type Answers = readonly AppendResult[];
type Waiting = { readonly items: readonly EncodedItem[]; readonly answer: (results: Answers) => void };

/** What became of an attempt. When it is `unknown`, `answers` are the ones to give if it turns out to be committed. */
type Outcome =
  | { readonly type: 'answered'; readonly results: Answers }
  | { readonly type: 'failed'; readonly error: unknown }
  | {
      readonly type: 'unknown';
      readonly error: unknown;
      readonly answers: (connection: WriterConnection) => Promise<Answers>;
    };

const CLOSED = 'the store is closed';
const UNKNOWN = 'it is not known yet whether an earlier batch was written';
/** With more streams than this in memory, those that were read first are read again when they are needed. */
const STREAMS_KEPT = 100_000;
/** How often a batch is tried that other nodes get in the way of. */
const ATTEMPTS = 5;
/** The first and the longest pause between attempts to learn the outcome of a batch. */
const FIRST_RETRY_MS = 10;
const LAST_RETRY_MS = 1_000;

/** A unique key that another batch wrote meanwhile, and transactions that PostgreSQL ended in favour of others. */
const GET_IN_THE_WAY: ReadonlySet<unknown> = new Set(['23505', '40001', '40P01']);

/**
 * Writes the batches of a node, one after another, on one connection. Each inserts a row with its number, so that the outcome of
 * a batch can be found out after a failure: by inserting that row again.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #keys = new BoundedMap<number, StreamId>(STREAMS_KEPT);
  readonly #statements = new ConditionalStatements();
  #connection: WriterConnection | null = null;
  #connecting: Promise<WriterConnection> | null = null;
  #queue: Waiting[] = [];
  #isBusy = false;
  #isUnknown = false;
  #isClosed = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Why nothing can be appended now; null if nothing is known to prevent it. Connects if it has to, and so compares the history. */
  async obstacle(): Promise<string | null> {
    if (this.#isClosed) return CLOSED;
    if (this.#isUnknown) return UNKNOWN;
    return this.#connected().then(() => null, reasonOf);
  }

  /** Compares the database with the history again, on a new connection. */
  async checkAgain(): Promise<void> {
    this.#connection?.cut(new Error('the history has to be compared again'));
    await this.obstacle();
  }

  /** Answers batches in the order of the calls. Never rejects. While the outcome of a batch is unknown, it has no answer. */
  append(batch: readonly AppendItem[]): Promise<Answers> {
    if (this.#isClosed) return Promise.resolve(unavailable(batch, CLOSED)); // STORE-19
    if (this.#isUnknown) return Promise.resolve(unavailable(batch, UNKNOWN)); // STORE-217
    if (batch.length === 0) return Promise.resolve([]);
    let items: readonly EncodedItem[];
    try {
      items = batch.map(encodeItem); // STORE-18
    } catch (error) {
      return Promise.resolve(unavailable(batch, reasonOf(error))); // STORE-215
    }
    return new Promise((answer) => {
      this.#queue.push({ items, answer });
      if (!this.#isBusy) void this.#run();
    });
  }

  /** Waits for what was asked before, except for a batch whose outcome cannot be found out. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isBusy) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    await this.#connection?.close();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      next.answer(await this.#write(next.items)); // STORE-09
    this.#isBusy = false;
    this.#beIdle();
  }

  #beIdle(): void {
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  async #write(items: readonly EncodedItem[]): Promise<Answers> {
    let connection: WriterConnection;
    try {
      connection = await this.#connected();
    } catch (error) {
      this.#refuseWaiting(reasonOf(error)); // STORE-211: each would wait for a connection as long as this one.
      return unavailable(items, reasonOf(error));
    }
    const outcome = await this.#attempt(connection, items);
    if (outcome.type === 'answered') return outcome.results;
    if (outcome.type === 'failed') return unavailable(items, reasonOf(outcome.error));
    this.#isUnknown = true;
    this.#refuseWaiting(UNKNOWN); // STORE-217
    const results = await this.#settle(outcome.answers);
    this.#isUnknown = false;
    return results ?? unavailable(items, reasonOf(outcome.error));
  }

  #refuseWaiting(reason: string): void {
    for (const { items, answer } of this.#queue.splice(0)) answer(unavailable(items, reason));
  }

  /** Tries one conditional statement first, then transactions. */
  async #attempt(connection: WriterConnection, items: readonly EncodedItem[]): Promise<Outcome> {
    const fast = await this.#appendFast(connection, items);
    if (fast !== null) return fast;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#appendInTransaction(connection, items);
      if (outcome.type !== 'failed' || !isInTheWay(outcome.error) || !connection.isOpen) return outcome;
      if (attempt === ATTEMPTS) connection.cut(new Error('a batch failed again and again')); // The next one begins anew.
      if (attempt === ATTEMPTS) return outcome; // STORE-212
    }
  }

  /** Null if nothing was written, and a transaction has to find out why. */
  async #appendFast(connection: WriterConnection, items: readonly EncodedItem[]): Promise<Outcome | null> {
    const { node, history, clock } = this.#options;
    const batch = { node, number: history.newest + 1 };
    const fast = fastAppend(items, batch, clock.now(), this.#keys, this.#statements);
    if (fast === null) return null;
    let answer: Answer;
    try {
      answer = await connection.ask(fast.statement);
    } catch (error) {
      // Only what PostgreSQL refuses on a connection that goes on is known to have left nothing.
      const isRefused = connection.isOpen && (await isAlive(connection)); // STORE-213
      if (!isRefused) return { type: 'unknown', error, answers: () => Promise.resolve(fast.results) };
      return isInTheWay(error) ? null : { type: 'failed', error };
    }
    if (answer.rows[0]?.ok !== true) return null;
    history.reach(batch.number);
    return { type: 'answered', results: fast.results };
  }

  async #appendInTransaction(connection: WriterConnection, items: readonly EncodedItem[]): Promise<Outcome> {
    const { node, history, clock } = this.#options;
    const batch = { node, number: history.newest + 1 };
    let prepared: Awaited<ReturnType<typeof prepareAppend>>;
    try {
      prepared = await prepareAppend(connection, items, batch, clock.now(), this.#keys);
    } catch (error) {
      await isAlive(connection);
      return { type: 'failed', error };
    }
    try {
      const results = await prepared.finish();
      if (prepared.writes) history.reach(batch.number);
      return { type: 'answered', results };
    } catch (error) {
      const isRefused = (await isAlive(connection)) || !prepared.writes; // STORE-213
      return isRefused ? { type: 'failed', error } : { type: 'unknown', error, answers: prepared.answers };
    }
  }

  /** Finds out on a new connection what became of the batch: its answers, or null if it was not written and never will be. */
  async #settle(answers: (connection: WriterConnection) => Promise<Answers>): Promise<Answers | null> {
    const { clock, log, history } = this.#options;
    const number = history.newest + 1;
    for (let pause = FIRST_RETRY_MS; ; pause = Math.min(2 * pause, LAST_RETRY_MS)) {
      try {
        const connection = await this.#connected();
        if (!(await this.#hasLanded(connection, number))) return null;
        return await answers(connection);
      } catch (error) {
        log.error('storage-outcome-unknown', { reason: reasonOf(error), retryMs: pause });
      }
      if (this.#isClosed || history.error !== null) {
        this.#beIdle();
        return new Promise(() => {}); // STORE-217: nobody can say whether the batch was written.
      }
      await new Promise<void>((resolve) => clock.after(pause, resolve));
    }
  }

  /** Whether the batch of this number is committed. If not, its number is used up here, so that it never lands. */
  async #hasLanded(connection: WriterConnection, number: number): Promise<boolean> {
    const { node, history } = this.#options;
    const values = [node, String(number)];
    await connection.ask({ name: 'use up', text: USE_UP, values }); // STORE-213
    // It may have landed on this server alone. What is committed now waits for a standby, and so for all before it.
    const { rows } = await connection.ask({ name: 'touch', text: TOUCH, values }); // STORE-214
    history.reach(number);
    return rows[0]?.heads !== NOTHING;
  }

  /** The open connection, else a new one; all who ask meanwhile get the same. */
  async #connected(): Promise<WriterConnection> {
    const { history } = this.#options;
    if (history.error !== null) throw history.error; // STORE-220
    if (this.#connection?.isOpen) return this.#connection;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = null));
    return this.#connecting;
  }

  async #connect(): Promise<WriterConnection> {
    const { target, clock, history } = this.#options;
    const connection = await WriterConnection.open(target, clock);
    try {
      await history.check(connection);
    } catch (error) {
      connection.cut(new Error(reasonOf(error)));
      throw error;
    }
    this.#connection = connection;
    return connection;
  }
}

const USE_UP = `INSERT INTO batch (node, number, heads) VALUES ($1, $2::bigint, '${NOTHING}') ON CONFLICT DO NOTHING`;
const TOUCH = 'UPDATE batch SET heads = heads WHERE node = $1 AND number = $2::bigint RETURNING heads';

function isInTheWay(error: unknown): boolean {
  return GET_IN_THE_WAY.has((error as { code?: unknown }).code);
}

/** Ends a transaction if there is one; false if the connection is lost. */
async function isAlive(connection: WriterConnection): Promise<boolean> {
  try {
    await connection.ask(ROLLBACK);
    return true;
  } catch (error) {
    connection.cut(new Error(reasonOf(error)));
    return false;
  }
}
