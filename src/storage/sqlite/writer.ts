import type { AppendItem, AppendResult } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { appendBatch } from '../append.ts';
import { unavailable } from '../unavailable.ts';
import { checkpoint, type Database, integer, one, setUpWriter, text } from './database.ts';
import type { Files } from './data-files.ts';
import { migrate } from './migrations.ts';
import { SqliteStreamStore } from './stream-store.ts';

/** The database and the disk, as the writer is given them. */
export type WriterHost = {
  /** Opens a new connection to the database. */
  connect(): Database;
  /** The size of the write-ahead log. */
  walBytes(): number;
  /** The free bytes on the disk. */
  freeBytes(): number;
  readonly files: Files;
};

/** The ids for a database that is new, and a text that tells this opening from all others. */
export type Creation = { readonly serverId: number; readonly identity: string; readonly opening: string };

/** The ids of a database that was opened; `clean` if it is new or was closed cleanly. */
export type Opened = { readonly serverId: number; readonly identity: string; readonly clean: boolean };

/** The answer to a batch. While its outcome is not `known`, `results` are the ones to give if it turns out to be committed. */
export type Answer = { readonly known: boolean; readonly results: readonly AppendResult[] };

type Connection = { readonly db: Database; readonly streams: SqliteStreamStore };

/** A larger write-ahead log is checkpointed after the next batch, even if no quiet moment comes. */
export const WAL_LIMIT_BYTES = 64 * 2 ** 20;
/** With fewer free bytes nothing is appended, because recovering from a COMMIT on a full disk is slow. */
export const FREE_FLOOR_BYTES = 8 * 2 ** 20;
const FULL = 'the disk is full: make room on it';
const PURGE_LIMIT = 1_000;

/**
 * Writes the database. After a failure it needs a new connection, and the outcome of its last batch, before it writes again.
 */
export class Writer {
  readonly #host: WriterHost;
  #opening = '';
  #transactions = 0;
  #current: Connection | null = null;
  /** A connection that failed or is not set up yet; it is closed before another one is opened. */
  #unusable: Database | null = null;
  #reason = '';
  #closed = false;
  /** The transaction whose COMMIT failed, until its outcome is known. */
  #unknown: string | null = null;
  #wasCommitted = false;
  /** Whether a batch is waiting for its outcome from `resolveOutcome`. */
  #awaitsOutcome = false;
  /** Whether the database has everything that was in a log that was removed. */
  #isCopied = false;

  constructor(host: WriterHost) {
    this.#host = host;
  }

  /** Opens the database; makes and migrates it if needed. Throws, and leaves nothing open, when it cannot be used. */
  open(creation: Creation): Opened {
    this.#opening = creation.opening;
    try {
      const db = this.#connect();
      // The write-ahead log of an earlier process can be read, but it may never have been synced to the disk.
      if (!checkpoint(db, 'TRUNCATE')) throw new Error('another program keeps the database busy'); // STORE-33
      migrate(db);
      const opened = startUse(db, creation);
      this.#use(db);
      return opened;
    } catch (error) {
      this.#closeUnusable();
      throw error;
    }
  }

  /** Why nothing can be appended now, apart from the database itself; null if nothing is known to prevent it. */
  obstacle(): string | null {
    const problem = this.#fileProblem();
    if (problem !== null) return problem; // STORE-60
    try {
      return this.#host.freeBytes() < FREE_FLOOR_BYTES ? FULL : null; // STORE-46
    } catch (error) {
      return `the free space of the disk cannot be read (${(error as NodeJS.ErrnoException).code})`; // STORE-62
    }
  }

  /** Never throws: a batch that gets no answer here would never get one. */
  append(batch: readonly AppendItem[], now: number): Answer {
    const obstacle = this.obstacle();
    if (obstacle !== null) return { known: true, results: unavailable(batch, obstacle) };
    let results: readonly AppendResult[] = [];
    const outcome = this.#write((streams) => {
      ({ results } = appendBatch(batch, streams, now));
      return results.some(({ type }) => type === 'committed');
    });
    if (outcome === 'failed') return { known: true, results: unavailable(batch, this.#reason) }; // STORE-32
    this.#awaitsOutcome = outcome === 'unknown'; // STORE-33
    return { known: !this.#awaitsOutcome, results };
  }

  /** Whether the batch of unknown outcome is committed; null while that is unknown. Until then nothing else is written. */
  resolveOutcome(): boolean | null {
    this.#ready();
    if (this.#unknown !== null) return null; // STORE-34
    this.#awaitsOutcome = false;
    return this.#wasCommitted;
  }

  /**
   * Deletes expired sessions and the expired results of repeatable commands, and checkpoints the write-ahead log. Returns
   * whether more of them may be left; throws on failure.
   */
  tidy(now: number): boolean {
    let purged: readonly number[] = [];
    const outcome = this.#write((streams) => {
      purged = [streams.purgeResults(now, PURGE_LIMIT), streams.purgeSessions(now, PURGE_LIMIT)]; // STORE-42 STORE-144
      return purged.some((count) => count > 0);
    });
    this.#checkpoint();
    if (outcome !== 'done' || this.#current === null) throw new Error(this.#reason);
    return purged.includes(PURGE_LIMIT);
  }

  /** Keeps the write-ahead log bounded when no quiet moment comes; to be called after a batch is answered. Never throws. */
  trim(): void {
    let bytes = 0;
    try {
      bytes = this.#host.walBytes();
    } catch {} // STORE-62: the next batch says what is wrong.
    if (bytes > WAL_LIMIT_BYTES) this.#checkpoint(); // STORE-40
  }

  /** Closes the database, and notes a clean stop if the file is known to be `sound`. */
  close(sound: boolean): void {
    if (sound) this.#write((streams) => streams.markClean()); // STORE-39
    this.#unusable = this.#current?.db ?? this.#unusable;
    this.#current = null;
    this.#closed = true;
    this.#reason = 'the store is closed';
    this.#closeUnusable();
  }

  /** Runs `work` in a transaction; `work` returns whether it wrote anything. */
  #write(work: (streams: SqliteStreamStore) => boolean): 'done' | 'failed' | 'unknown' {
    const connection = this.#awaitsOutcome ? null : this.#ready(); // STORE-34
    if (connection === null) return 'failed';
    const { db, streams } = connection;
    const name = `${this.#opening}/${++this.#transactions}`;
    try {
      db.exec('BEGIN IMMEDIATE');
      if (!work(streams)) return rollBack(db); // STORE-31
      streams.finish(name);
    } catch (error) {
      this.#abandon(db, error);
      return 'failed';
    }
    try {
      db.exec('COMMIT');
    } catch (error) {
      this.#unknown = name;
      this.#abandon(db, error);
      return 'unknown';
    }
    return this.#isKept() ? 'done' : 'failed';
  }

  /** Whether what was just committed is in files that still exist: they may have been removed since the check before. */
  #isKept(): boolean {
    const problem = this.#fileProblem();
    if (problem === null) return true;
    this.#reason = problem;
    const { files } = this.#host;
    return files.exists('database') && (files.exists('log') || this.#isCopied); // STORE-61
  }

  /** The problem with the files. If only the log was removed, what is in it is copied at once: it ends with this process. */
  #fileProblem(): string | null {
    const { files } = this.#host;
    const problem = files.problem();
    this.#isCopied = problem !== null && !files.exists('log') && this.#checkpoint(); // STORE-61
    return problem;
  }

  /** Returns whether everything in the log is in the database file now. */
  #checkpoint(): boolean {
    const { files } = this.#host;
    if (this.#current === null || !files.isOurs()) return false; // STORE-67
    const { db } = this.#current;
    try {
      return checkpoint(db, 'PASSIVE');
    } catch (error) {
      files.written();
      this.#abandon(db, error);
      return false;
    } finally {
      files.written();
    }
  }

  /** The connection to write with, a new one after a failure; null while the database cannot be opened. */
  #ready(): Connection | null {
    if (this.#current !== null || this.#closed) return this.#current;
    try {
      const db = this.#connect();
      if (this.#unknown !== null) this.#wasCommitted = outcomeOf(db, this.#unknown);
      this.#unknown = null;
      return this.#use(db);
    } catch (error) {
      this.#reason = reasonOf(error);
      return null;
    }
  }

  #connect(): Database {
    const { files } = this.#host;
    if (this.#unusable?.isOpen) {
      files.closing();
      this.#unusable.close();
    }
    const problem = files.problem();
    if (problem !== null) throw new Error(problem); // STORE-60
    const db = this.#host.connect();
    this.#unusable = db;
    setUpWriter(db);
    return db;
  }

  #use(db: Database): Connection {
    this.#host.files.opened();
    const connection = { db, streams: new SqliteStreamStore(db) };
    this.#current = connection;
    this.#unusable = null;
    return connection;
  }

  #abandon(db: Database, error: unknown): void {
    this.#reason = reasonOf(error);
    this.#current = null;
    this.#unusable = db;
    this.#closeUnusable();
  }

  /** Closing rolls back. If even that fails, `#connect` tries again. */
  #closeUnusable(): void {
    if (this.#unusable === null) return;
    try {
      this.#host.files.closing();
      this.#unusable.close();
    } catch {}
  }
}

function rollBack(db: Database): 'done' {
  db.exec('ROLLBACK');
  return 'done';
}

/** Reads the ids of the database, or writes those of a new one, and notes that it is in use. */
function startUse(db: Database, creation: Creation): Opened {
  db.exec('BEGIN IMMEDIATE');
  db.prepare(
    `INSERT INTO meta (one, server, identity, clean, batch) VALUES (1, ?, ?, 1, '') ON CONFLICT DO NOTHING`,
  ).run(creation.serverId, creation.identity);
  const row = one(db, 'SELECT server, identity, clean FROM meta');
  db.exec('UPDATE meta SET clean = 0'); // STORE-39
  db.exec('COMMIT');
  return { serverId: integer(row, 'server'), identity: text(row, 'identity'), clean: integer(row, 'clean') === 1 }; // STORE-39
}

/** Returns whether a transaction whose COMMIT failed is committed, and makes that outcome final (STORE-33). */
function outcomeOf(db: Database, transaction: string): boolean {
  const isCommitted = text(one(db, 'SELECT batch FROM meta'), 'batch') === transaction;
  try {
    if (!checkpoint(db, 'TRUNCATE')) throw new Error('the log cannot be emptied');
  } catch (error) {
    // A full disk may have no room for a checkpoint, but room for a small commit, which replaces the failed one in the log.
    if (isCommitted) throw error;
    db.exec(`BEGIN IMMEDIATE; UPDATE meta SET batch = ''; COMMIT`);
  }
  return isCommitted;
}
