import { Socket } from 'node:net';
import type { Pool } from 'pg';
import type { Clock } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { StorageUnavailable } from '../unavailable.ts';
import { asked, DEADLINE_MS, pooled, type Statement, type Target } from './connection.ts';

const CLOSED = 'the store is closed';

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

  /** The rows that an SQL text finds. PostgreSQL makes a plan for it alone, and ends it when it takes too long. */
  async askOnce<Row extends object>(sql: string): Promise<Row[]> {
    const text = `SET LOCAL statement_timeout = ${DEADLINE_MS}; ${sql}`;
    const results = await this.#run(() => this.#pool.query<Row>(text));
    return [results].flat().at(-1)?.rows ?? [];
  }

  #run<T>(query: () => Promise<T>): Promise<T> {
    if (this.#refusal !== null) return Promise.reject(new StorageUnavailable(this.#refusal)); // STORE-19
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const fail = (reason: string) => reject(new StorageUnavailable(reason));
    const cancel = this.#clock.after(DEADLINE_MS, () => fail(LATE)); // STORE-184
    const running = query()
      .then(resolve, (error: unknown) => fail(reasonOf(error))) // STORE-184
      .finally(() => {
        cancel();
        this.#running.delete(running);
      });
    this.#running.add(running);
    return promise;
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

const LATE = `PostgreSQL has not answered for ${DEADLINE_MS / 1_000} s`;
