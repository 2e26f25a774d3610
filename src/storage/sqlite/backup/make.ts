import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../../../lib/reason.ts';
import { BUSY_MS, setUpReader } from '../database.ts';
import { privateFile } from '../private-file.ts';
import { checkDatabase, countRows, type RowCounts } from './check.ts';
import { copyTree, DATABASE, plainFilesIn, sync, treeBytes } from './files.ts';
import { writeManifest } from './manifest.ts';
import { countMissingPictures } from './pictures.ts';
import { countMissingFiles } from './uploaded-files.ts';

export type BackupOptions = {
  /** The data directory, of a server that runs or not. */
  readonly data: string;
  /** The backup: it does not exist yet, or is an empty directory. The directory that it is in exists. */
  readonly target: string;
  readonly now: () => number;
  /** Called with what is being done, and from 0 to 1 how much of it is. */
  readonly progress: (step: string, done: number) => void;
};

/** Uploads that are named by the data of a backup and are not in it. They were not in the copied data either. */
export type MissingUploads = { readonly missingPictures: number; readonly missingFiles: number };

/** What was written. */
export type BackupReport = MissingUploads & { readonly bytes: number; readonly rows: RowCounts };

/** Pages that are copied between two reports of progress. */
const PAGES_AT_ONCE = 256;
/** Reports between two syncs of the copy: one sync of all of it at the end would keep those of the server waiting. */
const REPORTS_PER_SYNC = 4;
/** A backup is about as large as the data is now; this is for what comes while it is made. */
const SPARE_BYTES = 8 * 2 ** 20;

/**
 * Writes a backup of a data directory: everything that was acknowledged before is in it, and nothing that came later without
 * all before it. It is complete, checked and on the disk, or it is not there and this rejects with a sentence. The copying
 * reads one snapshot beside the writer, which never waits for it.
 */
export async function makeBackup({ data, target, now, progress }: BackupOptions): Promise<BackupReport> {
  const file = join(data, DATABASE);
  if (!existsSync(file)) throw new Error(`there is no data in ${data}: name the data directory with --data`);
  const whole = join(parentOf(target), basename(target));
  refuseTarget(data, whole);
  const unlock = lock(data);
  const partial = `${whole}.partial-${process.pid}`;
  const removePartial = () => rmSync(partial, { recursive: true, force: true });
  process.once('exit', removePartial); // A signal ends the process in the middle of this. STORE-80
  try {
    const made = new Date(now()).toISOString();
    mkdirSync(partial, { mode: 0o700 }); // STORE-85
    requireSpace(data, file, partial);
    const copy = privateFile(partial, DATABASE);
    const rows = await copyDatabase(file, copy, (done) => progress('copying', done));
    for (const name of plainFilesIn(data)) copyTree(join(data, name), join(partial, name)); // STORE-84
    progress('checking', 0);
    sync(copy); // STORE-82
    checkDatabase(copy, rows); // STORE-81
    const missingPictures = countMissingPictures(partial); // SERVER-189
    const { files } = await writeManifest(partial, made, rows);
    const missingFiles = countMissingFiles(partial, files); // SERVER-281
    sync(partial); // STORE-82
    progress('checking', 1);
    renameSync(partial, whole); // It replaces an empty directory, and nothing else. STORE-80
    sync(dirname(whole)); // STORE-82
    return { bytes: statSync(join(whole, DATABASE)).size, rows, missingPictures, missingFiles };
  } catch (error) {
    removePartial(); // STORE-80
    throw new Error(failureText(error, target), { cause: error });
  } finally {
    process.off('exit', removePartial);
    unlock();
  }
}

function parentOf(target: string): string {
  const parent = dirname(resolve(target));
  try {
    return realpathSync(parent);
  } catch (error) {
    throw new Error(`there is no directory ${parent}. Make it, or mount it, first`, { cause: error }); // STORE-80
  }
}

function refuseTarget(data: string, whole: string): void {
  const inside = `${whole}${sep}`.startsWith(`${realpathSync(data)}${sep}`);
  if (inside) throw new Error(`a backup cannot be inside the data directory ${data}: name another place`); // STORE-83
  const found = statSync(whole, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory() || !isEmpty(whole))
    throw new Error(`${whole} exists already, and nothing is overwritten: name another place`); // STORE-80
}

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    throw new Error(`${directory} cannot be read (${reasonOf(error)})`, { cause: error });
  }
}

/** One backup of a directory at a time; the operating system unlocks it when the process ends. */
function lock(data: string): () => void {
  const file = privateFile(data, 'backup-lock.db');
  const { uid, gid } = statSync(join(data, DATABASE));
  if (process.getuid?.() === 0) chownSync(file, uid, gid); // Made by root, it would keep out its owner.
  const db = new DatabaseSync(file);
  try {
    db.exec('BEGIN EXCLUSIVE'); // STORE-83
  } catch (error) {
    db.close();
    throw new Error(`another backup of ${data} is being made: wait for its end`, { cause: error });
  }
  return () => db.close();
}

function requireSpace(data: string, file: string, directory: string): void {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const others = plainFilesIn(data).reduce((sum, name) => sum + treeBytes(join(data, name)), 0);
  const needed = statSync(file).size + log + others + SPARE_BYTES;
  const { bavail, bsize } = statfsSync(directory);
  const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  if (bavail * bsize < needed)
    throw new Error(
      `there is too little room: ${mebibytes(needed)} MiB are needed, ${mebibytes(bavail * bsize)} are free`,
    );
}

/** Copies one snapshot of the database; returns how many rows it has. */
async function copyDatabase(file: string, copy: string, progress: (done: number) => void): Promise<RowCounts> {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  try {
    setUpReader(db);
    db.exec('BEGIN'); // The counts begin the snapshot; with it, commits do not restart the copying.
    const rows = countRows(db);
    let reports = 0;
    await backup(db, copy, {
      rate: PAGES_AT_ONCE,
      progress({ totalPages, remainingPages }) {
        if (++reports % REPORTS_PER_SYNC === 0) sync(copy);
        progress(1 - remainingPages / totalPages);
      },
    });
    db.exec('COMMIT');
    progress(1);
    makeSingleFile(copy);
    return rows;
  } finally {
    db.close();
  }
}

/** Without a write-ahead log the copy is one file, which can be read without writing. */
function makeSingleFile(copy: string): void {
  const db = new DatabaseSync(copy);
  db.exec('PRAGMA journal_mode = DELETE');
  db.close();
}

function failureText(error: unknown, target: string): string {
  const reason = reasonOf(error);
  const isFull = /ENOSPC|disk is full/.test(reason);
  return `no backup was made in ${target}: ${isFull ? 'the disk there is full' : reason}`;
}
