import { rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import type { Files } from '../../src/storage/sqlite/data-files.ts';
import type { Database, Statement } from '../../src/storage/sqlite/database.ts';
import { Reader } from '../../src/storage/sqlite/reader.ts';
import { Searcher, type SearcherHost } from '../../src/storage/sqlite/search/searcher.ts';
import { Writer } from '../../src/storage/sqlite/writer.ts';
import { temporaryDirectory } from '../temporary.ts';

/** The values that a new database gets. */
export const CREATION = { serverId: 5, identity: 'identity', opening: 'opening' };

/** Files that nobody moves. */
export const unwatchedFiles: Files = {
  opened() {},
  written() {},
  closing() {},
  problem: () => null,
  isOurs: () => true,
  exists: () => true,
};

/** Says whether a call fails before its effect, after it, or not. `call` counts from 1; `what` is the SQL or a method's name. */
export type FaultPlan = (call: number, what: string) => 'before' | 'after' | null;

/** Connections to one file that record their calls and make some of them fail. */
export class FaultyDatabases {
  readonly #file: string;
  readonly #plan: FaultPlan;
  readonly #opened: DatabaseSync[] = [];
  readonly calls: string[] = [];

  constructor(file: string, plan: FaultPlan) {
    this.#file = file;
    this.#plan = plan;
  }

  connect(): Database {
    return this.#call('connect', () => {
      const db = new DatabaseSync(this.#file, { timeout: 0 });
      this.#opened.push(db);
      return this.#wrap(db);
    });
  }

  /** Closes all open connections, as the end of a process does. */
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
    const fault = this.#plan(this.calls.push(what), what);
    if (fault === 'before') throw new Error('disk I/O error');
    const result = action();
    if (fault === 'after') throw new Error('disk I/O error');
    return result;
  }
}

/** The most pages of a database, and the free bytes of its disk. */
export type DiskLimits = { readonly pages?: () => number; readonly freeBytes?: () => number };

/** What a searcher of a database needs; the index is beside it. */
export function searcherHost(file: string): SearcherHost {
  const index = join(dirname(file), 'search.db');
  return {
    connect: () => new DatabaseSync(file, { readOnly: true }),
    openIndex: () => new DatabaseSync(index),
    removeIndex: () => {
      for (const end of ['', '-wal', '-shm']) rmSync(index + end, { force: true });
    },
    freeBytes: () => 2 ** 40,
    monotonic: () => 0,
    unicode: '16',
  };
}

/** A writer, a reader and a searcher of one file, without workers. */
export function inProcess(context: TestContext, plan: FaultPlan = () => null, disk: DiskLimits = {}) {
  const { pages = () => 2 ** 30, freeBytes = () => 2 ** 40 } = disk;
  const file = join(temporaryDirectory(context, 'memory'), 'test.db');
  const databases = new FaultyDatabases(file, plan);
  const walBytes = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const connect = () => {
    const db = databases.connect();
    db.exec(`PRAGMA max_page_count = ${pages()}`);
    return db;
  };
  const writer = new Writer({ connect, walBytes, freeBytes, files: unwatchedFiles });
  const reader = new Reader(() => new DatabaseSync(file, { readOnly: true }));
  const searcher = new Searcher(searcherHost(file));
  context.after(() => {
    searcher.close();
    reader.close();
    databases.end();
  });
  return { file, databases, walBytes, writer, reader, searcher };
}
