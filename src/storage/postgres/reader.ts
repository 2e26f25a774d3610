import { Socket } from 'node:net';
import type { Pool } from 'pg';
import type { Clock } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { StorageUnavailable } from '../unavailable.ts';
import { asked, DEADLINE_MS, pooled, type Statement, type Target } from './connection.ts';

const CLOSED = 'the store is closed';
/** What may be a lot takes no longer than this. */
const MUCH_MS = 120_000;
/** What PostgreSQL answers when it ends a statement that takes too long. */
const ENDED_BY_TIMEOUT = '57014';

/** What was asked takes longer than 3 s. */
export class LateAnswer extends StorageUnavailable {}

/** Asks PostgreSQL on a few connections. What it cannot answer in time rejects with `StorageUnavailable`. */
export class Reader {
  readonly #target: Target;
  readonly #pool: Pool;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #sockets = new Set<Socket>();
  readonly #running = new Set<Promise<unknown>>();
  /** Why nothing is asked any more. */
  #refusal: string | null = null;

  /** Opens at most `max` connections, each when it is needed. */
  constructor(target: Target, max: number, clock: Pick<Clock, 'after'>) {
    this.#target = target;
    this.#clock = clock;
    this.#pool = pooled({ ...target, config: { ...target.config, stream: () => this.#socket() } }, max);
  }

  /** The rows that a statement finds. */
  async ask<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.#run(() => this.#pool.query<Row>(asked(this.#target, statement, values)));
    return rows;
  }

  /** The same for what may be a lot: it takes as long as bytes come, so that only a silence of 3 s ends it. */
  async askMuch<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const query = { ...asked(this.#target, statement, values), query_timeout: MUCH_MS };
    const { rows } = await this.#run(() => this.#pool.query<Row>(query), true);
    return rows;
  }

  /** The rows that an SQL text finds. PostgreSQL makes a plan for it alone, and ends it when it takes too long. */
  async askOnce<Row extends object>(sql: string): Promise<Row[]> {
    const text = `SET LOCAL statement_timeout = ${DEADLINE_MS}; ${sql}`;
    const results = await this.#run(() => this.#pool.query<Row>(text));
    return [results].flat().at(-1)?.rows ?? [];
  }

  #run<T>(query: () => Promise<T>, isPatient = false): Promise<T> {
    if (this.#refusal !== null) return Promise.reject(new StorageUnavailable(this.#refusal)); // STORE-19
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let cancel = () => {};
    const watch = () => {
      const before = this.#bytesRead();
      cancel = this.#clock.after(DEADLINE_MS, () => {
        if (isPatient && this.#bytesRead() !== before) return watch(); // STORE-193
        reject(new LateAnswer(`PostgreSQL has not answered for ${DEADLINE_MS / 1_000} s`)); // STORE-184
      });
    };
    watch();
    const running = query()
      .then(resolve, (error: unknown) => reject(refusalOf(error))) // STORE-184
      .finally(() => {
        cancel();
        this.#running.delete(running);
      });
    this.#running.add(running);
    return promise;
  }

  #bytesRead(): number {
    return [...this.#sockets].reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }

  /** From now on everything rejects, for this reason. */
  refuse(reason: string): void {
    this.#refusal ??= reason;
  }

  /** Waits for what was asked before, as long as that may take. */
  async close(): Promise<void> {
    this.refuse(CLOSED);
    await Promise.all(this.#running); // STORE-19
    const cancel = this.#clock.after(DEADLINE_MS, () => {
      for (const socket of this.#sockets) socket.destroy();
    });
    await this.#pool.end();
    cancel();
  }

  #socket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    return socket.once('close', () => this.#sockets.delete(socket));
  }
}

function refusalOf(error: unknown): StorageUnavailable {
  const wasEnded = (error as { code?: unknown }).code === ENDED_BY_TIMEOUT;
  const options = { cause: error };
  return wasEnded ? new LateAnswer(reasonOf(error), options) : new StorageUnavailable(reasonOf(error), options);
}
