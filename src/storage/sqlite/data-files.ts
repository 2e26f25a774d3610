import { closeSync, fstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The files of an open database, as the writer sees them. */
export interface Files {
  /** Notes which files a new connection has open. */
  opened(): void;
  /** To be called after this process wrote into the database file itself. */
  written(): void;
  /** To be called before a connection is closed, because the last one removes the log. */
  closing(): void;
  /** Why nothing may be written: null while every open file is the one at its path. */
  problem(): string | null;
  /** Whether the database has what this process wrote, so that its log belongs to it. */
  isOurs(): boolean;
  /** Whether this file still has a name in some directory. */
  exists(which: 'database' | 'log'): boolean;
}

const GONE =
  'the data directory, or a file in it, was moved or removed: move it back, or restart the server to use what is there now';
const REPLACED =
  'other files are in the place of the data that the server has open: put those back, or restart the server to use what is there now';

const OVERWRITTEN =
  'another program has written into the database: stop the server, and restore a backup with "parlance restore"';

/** The pages that every checkpoint changes are at the beginning. */
const SAMPLE_BYTES = 8_192;

/** A directory may change twice at what its file system calls one time, so a new time proves nothing. */
const RECENT_MS = 1_000;

type Known = { readonly path: string; readonly stats: Stats };

/** The database file as this process left it. */
type Content = { readonly size: number; readonly mtimeMs: number; readonly sample: Buffer };

/**
 * Finds out whether the files that this process has open are still those at their paths, or were moved, removed or replaced.
 * As long as nothing changes in the directory this costs one call to the system.
 */
export class DataFiles implements Files {
  readonly #directory: string;
  readonly #database: Known;
  readonly #lock: Known;
  readonly #databaseFd: number;
  readonly #logPath: string;
  #log: readonly Known[] = [];
  #logFd: number | null = null;
  /** Null while SQLite may write at a moment that it chooses: when it closes a connection. */
  #content: Content | null = null;
  readonly #monotonic: () => number;
  /** The directory as it was when all files were in place, and since when it has been like that. */
  #checked: { readonly directory: Stats; readonly since: number } | null = null;

  /** Both files must exist. `monotonic` is a clock in ms. */
  constructor(database: string, lock: string, monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#directory = dirname(database);
    // An open file keeps its number, so that no other file gets it. Never closed: that would drop the locks of SQLite.
    this.#databaseFd = openSync(database, 'r');
    this.#database = { path: database, stats: fstatSync(this.#databaseFd) };
    this.#lock = { path: lock, stats: statSync(lock) };
    this.#logPath = `${realpathSync(database)}-wal`;
  }

  opened(): void {
    this.#closeLog();
    this.#logFd = openSync(this.#logPath, 'r');
    // The index of the log is never opened here: closing it would drop the locks of SQLite.
    const index = this.#logPath.replace(/-wal$/, '-shm');
    this.#log = [
      { path: this.#logPath, stats: fstatSync(this.#logFd) },
      { path: index, stats: statSync(index) },
    ];
    this.#checked = null;
    this.written();
  }

  written(): void {
    const { size, mtimeMs } = fstatSync(this.#databaseFd);
    this.#content = { size, mtimeMs, sample: this.#sample() };
  }

  closing(): void {
    if (this.problem() !== null) return;
    this.#closeLog();
    this.#log = [];
    this.#checked = null;
    this.#content = null;
  }

  isOurs(): boolean {
    return !this.#isOverwritten();
  }

  problem(): string | null {
    try {
      const directory = statSync(this.#directory);
      const before = this.#checked;
      const isUntouched = before !== null && isUnchanged(directory, before.directory);
      const now = this.#monotonic();
      if (this.#isOverwritten()) return OVERWRITTEN; // STORE-67
      if (isUntouched && now - before.since > RECENT_MS) return null;
      const since = isUntouched ? before.since : now;
      this.#checked = null;
      for (const { path, stats } of [this.#database, this.#lock, ...this.#log]) {
        if (!isSame(statSync(path), stats)) return REPLACED; // STORE-60
      }
      if (this.#isInside()) this.#checked = { directory, since };
      return null;
    } catch (error) {
      this.#checked = null;
      return reasonFor(error); // STORE-60
    }
  }

  exists(which: 'database' | 'log'): boolean {
    const fd = which === 'database' ? this.#databaseFd : this.#logFd;
    return fd !== null && fstatSync(fd).nlink > 0; // STORE-61
  }

  /** A file can stay the same file and get other contents: `cp` over it does that. A new time alone means nothing. */
  #isOverwritten(): boolean {
    const known = this.#content;
    if (known === null) return false;
    const { size, mtimeMs } = fstatSync(this.#databaseFd);
    if (size === known.size && mtimeMs === known.mtimeMs) return false;
    const isSame = size === known.size && this.#sample().equals(known.sample);
    if (isSame) this.#content = { ...known, mtimeMs };
    return !isSame;
  }

  #sample(): Buffer {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    readSync(this.#databaseFd, buffer, 0, SAMPLE_BYTES, 0);
    return buffer;
  }

  /** Whether the files are in the directory itself: what a link leads to can change without the directory. */
  #isInside(): boolean {
    return dirname(this.#logPath) === realpathSync(this.#directory);
  }

  #closeLog(): void {
    if (this.#logFd !== null) closeSync(this.#logFd);
    this.#logFd = null;
  }
}

/** Throws, with a reason, unless the path names the file that it named when the function was made. */
export function sameFile(path: string): () => void {
  const first = statSync(path);
  return () => {
    let now: Stats;
    try {
      now = statSync(path);
    } catch (error) {
      throw new Error(reasonFor(error), { cause: error });
    }
    if (!isSame(now, first)) throw new Error(REPLACED); // STORE-60
  };
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/** The time of the last change cannot be set by programs, and every file that comes or goes changes it. */
function isUnchanged(now: Stats, before: Stats): boolean {
  return isSame(now, before) && now.ctimeMs === before.ctimeMs;
}

function reasonFor(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' ? GONE : `the data directory cannot be reached (${code})`;
}
