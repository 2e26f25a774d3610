import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import type { Database, Statement } from '../../src/storage/sqlite/database.ts';
import { Reader } from '../../src/storage/sqlite/reader.ts';
import { Writer } from '../../src/storage/sqlite/writer.ts';
import { temporaryDirectory } from '../temporary.ts';

/** For tests: what a database is opened with. */
export const CREATION = { serverId: 5, identity: 'identity', opening: 'opening' };

/** Whether a call fails without its effect, after it, or not. `what` is the SQL, or the name of the method. */
export type FaultPlan = (call: number, what: string) => 'before' | 'after' | null;

/** For tests: connections that count their calls, and let some of them fail. */
export class FaultyDatabases {
  readonly #file: string;
  readonly #fails: FaultPlan;
  readonly #opened: DatabaseSync[] = [];
  /** What was called, in order. */
  readonly calls: string[] = [];

  constructor(file: string, fails: FaultPlan) {
    this.#file = file;
    this.#fails = fails;
  }

  connect(): Database {
    return this.#call('connect', () => {
      const db = new DatabaseSync(this.#file, { timeout: 0 });
      this.#opened.push(db);
      return this.#wrap(db);
    });
  }

  /** Closes what is still open, as the end of a process does. */
  end(): void {
    for (const db of this.#opened) if (db.isOpen) db.close();
  }

  #wrap(db: DatabaseSync): Database {
    return {
      get isOpen() {
        return db.isOpen;
      },
      exec: (sql) => this.#call(sql, () => db.exec(sql)),
      prepare: (sql) => this.#call(sql, () => this.#wrapStatement(db.prepare(sql))),
      close: () => this.#call('close', () => db.close()),
    };
  }

  #wrapStatement(statement: Statement): Statement {
    return {
      run: (...values) => this.#call('run', () => statement.run(...values)),
      get: (...values) => this.#call('get', () => statement.get(...values)),
      all: (...values) => this.#call('all', () => statement.all(...values)),
    };
  }

  #call<T>(what: string, action: () => T): T {
    const fails = this.#fails(this.calls.push(what), what);
    if (fails === 'before') throw new Error('disk I/O error');
    const result = action();
    if (fails === 'after') throw new Error('disk I/O error');
    return result;
  }
}

/** What a test gives a database to live in: the most pages of its file, and the bytes that are free on its disk. */
export type DiskLimits = { readonly pages?: () => number; readonly freeBytes?: () => number };

/** For tests: a writer and a reader of one file, without workers. */
export function inProcess(context: TestContext, fails: FaultPlan = () => null, room: DiskLimits = {}) {
  const { pages = () => 2 ** 30, freeBytes = () => 2 ** 40 } = room;
  const file = join(temporaryDirectory(context, 'memory'), 'test.db');
  const databases = new FaultyDatabases(file, fails);
  const logBytes = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const connect = () => {
    const db = databases.connect();
    db.exec(`PRAGMA max_page_count = ${pages()}`);
    return db;
  };
  const writer = new Writer({ connect, logBytes, freeBytes });
  const reader = new Reader(() => new DatabaseSync(file, { readOnly: true }));
  context.after(() => {
    reader.close();
    databases.end();
  });
  return { file, databases, logBytes, writer, reader };
}
