import type { AppendItem, AppendResult } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { appendBatch } from '../append.ts';
import { refusal } from '../refusal.ts';
import { checkpoint, type Database, integer, one, setUpWriter, text } from './database.ts';
import { migrate } from './migrations.ts';
import { SqliteRecords } from './records.ts';

/** What the writer is given from outside. */
export type WriterHost = {
  /** Opens the database anew. */
  connect(): Database;
  /** The present size of the log file. */
  logBytes(): number;
  /** How much room there is left on the disk. */
  freeBytes(): number;
};

/** What a new database is given, and a text by which this opening is told from all others. */
export type Birth = { readonly serverId: number; readonly identity: string; readonly opening: string };

/** What a database says of itself when it is opened; `clean` if it is new or was closed in order. */
export type Opened = { readonly serverId: number; readonly identity: string; readonly clean: boolean };

/** The answer to a batch. When it is not `known` what became of it, `results` are those to give if it turns out to be there. */
export type Answer = { readonly known: boolean; readonly results: readonly AppendResult[] };

type Connection = { readonly db: Database; readonly records: SqliteRecords };

/** Beyond this the log is checkpointed even if the writer has no rest. */
export const LOG_LIMIT_BYTES = 64 * 2 ** 20;
/** With less room than this nothing is appended: a COMMIT that finds the disk full is dear to get over. */
export const FREE_FLOOR_BYTES = 8 * 2 ** 20;
const PURGE_LIMIT = 1_000;

/** The one who writes. After any failure it goes on only with a new connection, and knowing what became of its last batch. */
export class Writer {
  readonly #host: WriterHost;
  #opening = '';
  #transactions = 0;
  #current: Connection | null = null;
  /** A connection that failed, or has not proved fit: to be closed before there is another. */
  #unfit: Database | null = null;
  #trouble = '';
  #closed = false;
  /** The transaction whose COMMIT failed, until it is known what became of it. */
  #unknown: string | null = null;
  #landed = false;
  /** Whether a batch is waiting for `settle` to tell its outcome. */
  #owing = false;

  constructor(host: WriterHost) {
    this.#host = host;
  }

  /** Opens the database, making and migrating it where needed. Throws, with nothing left open, when it cannot be used. */
  open(birth: Birth): Opened {
    this.#opening = birth.opening;
    try {
      const db = this.#connect();
      // What an earlier process left in the log can perhaps be read, but may never have reached the disk.
      if (!checkpoint(db, 'TRUNCATE')) throw new Error('another program keeps the database busy'); // STORE-33
      migrate(db);
      const opened = begin(db, birth);
      this.#use(db);
      return opened;
    } catch (error) {
      this.#closeUnfit();
      throw error;
    }
  }

  append(batch: readonly AppendItem[], now: number): Answer {
    const full = this.#host.freeBytes() < FREE_FLOOR_BYTES; // STORE-46
    if (full) return { known: true, results: refusal(batch, 'the disk is full') };
    let results: readonly AppendResult[] = [];
    const outcome = this.#write((records) => {
      results = appendBatch(batch, records, now);
      return results.some(({ type }) => type === 'committed');
    });
    if (outcome === 'failed') return { known: true, results: refusal(batch, this.#trouble) }; // STORE-32
    this.#owing = outcome === 'unknown'; // STORE-33
    return { known: !this.#owing, results };
  }

  /** Whether the batch of unknown outcome is there; null while that cannot be said. Until it is, nothing else is written. */
  settle(): boolean | null {
    this.#ready();
    if (this.#unknown !== null) return null; // STORE-34
    this.#owing = false;
    return this.#landed;
  }

  /** Work for quiet times: forgets expired results and checkpoints the log. Says whether there is more of it; throws on failure. */
  tidy(now: number): boolean {
    let purged = 0;
    const outcome = this.#write((records) => {
      purged = records.purge(now, PURGE_LIMIT);
      return purged > 0;
    });
    this.#checkpoint();
    if (outcome !== 'done' || this.#current === null) throw new Error(this.#trouble);
    return purged === PURGE_LIMIT;
  }

  /** Keeps the log bounded when there are no quiet times; to be called after a batch is answered. */
  trim(): void {
    if (this.#host.logBytes() > LOG_LIMIT_BYTES) this.#checkpoint(); // STORE-40
  }

  /** Closes the database and notes that this was in order, if it is known to be `sound`. */
  close(sound: boolean): void {
    if (sound) this.#write((records) => records.markClean()); // STORE-39
    this.#unfit = this.#current?.db ?? this.#unfit;
    this.#current = null;
    this.#closed = true;
    this.#trouble = 'the store is closed';
    this.#closeUnfit();
  }

  /** Runs `work`, which says whether it wrote anything, in a transaction of its own. */
  #write(work: (records: SqliteRecords) => boolean): 'done' | 'failed' | 'unknown' {
    const connection = this.#owing ? null : this.#ready(); // STORE-34
    if (connection === null) return 'failed';
    const { db, records } = connection;
    const name = `${this.#opening}/${++this.#transactions}`;
    try {
      db.exec('BEGIN IMMEDIATE');
      if (!work(records)) return rollBack(db); // STORE-31
      records.finish(name);
    } catch (error) {
      this.#abandon(db, error);
      return 'failed';
    }
    try {
      db.exec('COMMIT');
      return 'done';
    } catch (error) {
      this.#unknown = name;
      this.#abandon(db, error);
      return 'unknown';
    }
  }

  #checkpoint(): void {
    if (this.#current === null) return;
    const { db } = this.#current;
    try {
      checkpoint(db, 'PASSIVE');
    } catch (error) {
      this.#abandon(db, error);
    }
  }

  /** The connection to write with, a new one after a failure; null while there is none to be had. */
  #ready(): Connection | null {
    if (this.#current !== null || this.#closed) return this.#current;
    try {
      const db = this.#connect();
      if (this.#unknown !== null) this.#landed = settle(db, this.#unknown);
      this.#unknown = null;
      return this.#use(db);
    } catch (error) {
      this.#trouble = reasonOf(error);
      return null;
    }
  }

  #connect(): Database {
    if (this.#unfit?.isOpen) this.#unfit.close();
    const db = this.#host.connect();
    this.#unfit = db;
    setUpWriter(db);
    return db;
  }

  #use(db: Database): Connection {
    const connection = { db, records: new SqliteRecords(db) };
    this.#current = connection;
    this.#unfit = null;
    return connection;
  }

  #abandon(db: Database, error: unknown): void {
    this.#trouble = reasonOf(error);
    this.#current = null;
    this.#unfit = db;
    this.#closeUnfit();
  }

  /** Closing rolls back. Should even that fail, `#connect` tries again. */
  #closeUnfit(): void {
    try {
      this.#unfit?.close();
    } catch {}
  }
}

function rollBack(db: Database): 'done' {
  db.exec('ROLLBACK');
  return 'done';
}

/** Looks who the database is, and notes that it is in use. */
function begin(db: Database, birth: Birth): Opened {
  db.exec('BEGIN IMMEDIATE');
  db.prepare(
    `INSERT INTO meta (one, server, identity, clean, batch) VALUES (1, ?, ?, 1, '') ON CONFLICT DO NOTHING`,
  ).run(birth.serverId, birth.identity);
  const row = one(db, 'SELECT server, identity, clean FROM meta');
  db.exec('UPDATE meta SET clean = 0'); // STORE-39
  db.exec('COMMIT');
  return { serverId: integer(row, 'server'), identity: text(row, 'identity'), clean: integer(row, 'clean') === 1 }; // STORE-39
}

/** Says whether a transaction whose COMMIT failed is there, and sees to it that this stays so (STORE-33). */
function settle(db: Database, transaction: string): boolean {
  const landed = text(one(db, 'SELECT batch FROM meta'), 'batch') === transaction;
  try {
    if (!checkpoint(db, 'TRUNCATE')) throw new Error('the log cannot be emptied');
  } catch (error) {
    // On a full disk a checkpoint may find no room. A small commit, which takes the place of what failed, may.
    if (landed) throw error;
    db.exec(`BEGIN IMMEDIATE; UPDATE meta SET batch = ''; COMMIT`);
  }
  return landed;
}
