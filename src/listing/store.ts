import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../core/ports.ts';
import type { ListedServer } from './listed-server.ts';

/** Each leads from one version of the schema to the next; a released one is never changed. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE server (
     id INTEGER PRIMARY KEY, key_digest TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
     connected_users INTEGER NOT NULL, max_users INTEGER NOT NULL, listed_at INTEGER NOT NULL, up_since INTEGER NOT NULL,
     seen_at INTEGER NOT NULL, ping_ms INTEGER NOT NULL, targets TEXT NOT NULL, misses INTEGER NOT NULL
   ) STRICT`,
];

const COLUMNS = {
  id: 'id',
  keyDigest: 'key_digest',
  serverName: 'name',
  address: 'address',
  connectedUsers: 'connected_users',
  maxUsers: 'max_users',
  listedAt: 'listed_at',
  upSince: 'up_since',
  seenAt: 'seen_at',
  pingMs: 'ping_ms',
  targets: 'targets',
  misses: 'misses',
} as const satisfies { readonly [F in keyof ListedServer]: string };

const FIELDS = Object.keys(COLUMNS) as (keyof ListedServer)[];
const SELECTED = FIELDS.map((field) => `${COLUMNS[field]} AS ${field}`).join();

/** A server as it is from now on, or the id of one that is gone. */
export type Change = { readonly put: ListedServer } | { readonly drop: number };

type Waiting = { readonly change: Change; resolve(): void; reject(error: unknown): void };

/** The table of listed servers. Changes that come within about a millisecond share a commit. */
export class ListingStore {
  readonly #db: DatabaseSync;
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #put: StatementSync;
  readonly #drop: StatementSync;
  #waiting: Waiting[] = [];

  /** Prepares a database; throws if it cannot be used. */
  constructor(db: DatabaseSync, clock: Pick<Clock, 'soon'>) {
    this.#db = db;
    this.#clock = clock;
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL'); // LIST-14
    migrate(db);
    const names = FIELDS.map((field) => COLUMNS[field]).join();
    this.#put = db.prepare(`INSERT OR REPLACE INTO server (${names}) VALUES (${FIELDS.map(() => '?').join()})`);
    this.#drop = db.prepare('DELETE FROM server WHERE id = ?');
  }

  /** All servers, those first that are listed longest. */
  load(): ListedServer[] {
    const rows = this.#db.prepare(`SELECT ${SELECTED} FROM server ORDER BY listed_at, id`).all();
    return rows.map((row) => ({ ...row, targets: JSON.parse(String(row.targets)) }) as unknown as ListedServer);
  }

  /** Resolves when the change is on disk; rejects if it cannot be stored. */
  write(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#clock.soon(() => this.#commit());
      this.#waiting.push({ change, resolve, reject });
    });
  }

  /** Whether the database takes writes now. */
  takesWrites(): boolean {
    try {
      this.#transaction(() => this.#drop.run(-1));
      return true;
    } catch {
      return false;
    }
  }

  /** Writes what waits, and closes the database. */
  close(): void {
    this.#commit();
    this.#db.close();
  }

  #commit(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    try {
      this.#transaction(() => {
        for (const { change } of batch) this.#write(change);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve(); // LIST-14
  }

  #transaction(run: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      run();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #write(change: Change): void {
    if ('drop' in change) return void this.#drop.run(change.drop);
    const { put } = change;
    this.#put.run(...FIELDS.map((field) => (field === 'targets' ? JSON.stringify(put.targets) : put[field])));
  }
}

function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length)
    throw new Error(`the list was written by a newer version of Parlance (schema ${version}). Start that version`);
  for (const [index, sql] of MIGRATIONS.entries())
    if (index >= version) db.exec(`BEGIN; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
}
