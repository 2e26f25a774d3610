/** The part of a database that the writer and the reader use; tests put a failing one in its place. */
export interface Database {
  readonly isOpen: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** Also rolls back a transaction that is open. */
  close(): void;
}

export interface Statement {
  run(...values: Value[]): unknown;
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

export type Value = string | number | null;
export type Row = { readonly [column: string]: unknown };

/** How long a connection waits for the lock of another one, in ms. */
export const BUSY_MS = 1_000;

/** A checkpoint leaves this much of the log's file: overwriting old space is faster than growing the file. */
const LOG_KEPT_BYTES = 63 * 2 ** 20;

/** SQLite's codes for a damaged file, and one that is no database. The low byte of a code is its kind. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);
const PRIMARY_CODE = 0xff;

/** Whether an error says that a file is damaged, or no database. */
export function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && DAMAGE.has(code & PRIMARY_CODE);
}

/** Sets up a new connection for writing, without automatic checkpoints; throws if its commits would not be durable. */
export function setUpWriter(db: Database): void {
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec('PRAGMA wal_autocheckpoint = 0');
  db.exec(`PRAGMA journal_size_limit = ${LOG_KEPT_BYTES}`);
  db.exec('PRAGMA secure_delete = ON'); // STORE-10
  assertDurable(db);
}

/** Sets up a new connection for reading; throws if its settings are not those of the writer. */
export function setUpReader(db: Database): void {
  db.exec('PRAGMA query_only = ON');
  db.exec('PRAGMA synchronous = FULL');
  assertDurable(db);
}

function assertDurable(db: Database): void {
  const journal = text(one(db, 'PRAGMA journal_mode'), 'journal_mode');
  const synchronous = integer(one(db, 'PRAGMA synchronous'), 'synchronous');
  if (journal === 'wal' && synchronous === 2) return; // STORE-30
  throw new Error(`the database would lose what is committed (journal ${journal}, synchronous ${synchronous})`);
}

/** Copies the log into the database file and syncs it; TRUNCATE also empties the log. Returns whether all of it was copied. */
export function checkpoint(db: Database, mode: 'PASSIVE' | 'TRUNCATE'): boolean {
  const row = one(db, `PRAGMA wal_checkpoint(${mode})`);
  return integer(row, 'busy') === 0 && integer(row, 'log') === integer(row, 'checkpointed');
}

/** The one row of a query that always has one. */
export function one(db: Database, sql: string): Row {
  const row = db.prepare(sql).get();
  if (row === undefined) throw new Error(`no answer to ${sql}`);
  return row;
}

/** A column that holds an integer. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`the database holds no integer in ${column}`);
  return value;
}

/** A column that holds a text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`the database holds no text in ${column}`);
  return value;
}
