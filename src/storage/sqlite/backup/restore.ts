import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EntryBody } from '../../../core/model/entries.ts';
import { personStream, roomStream } from '../../../core/model/ids.ts';
import { reasonOf } from '../../../lib/reason.ts';
import { checkpoint, integer, setUpWriter, text } from '../database.ts';
import { claimDirectory } from '../claim.ts';
import { migrate } from '../migrations.ts';
import { privateFile } from '../private-file.ts';
import { SqliteStreamStore } from '../stream-store.ts';
import { checkDatabase } from './check.ts';
import { copyTree, DATABASE, dataIn, REPLACED, RESTORING, sync } from './files.ts';
import { checkManifest } from './manifest.ts';
import type { MissingUploads } from './make.ts';
import { countMissingPictures } from './pictures.ts';
import { countMissingFiles } from './uploaded-files.ts';

export type RestoreOptions = {
  readonly backup: string;
  /** The data directory; made if it does not exist. No server may run on it. */
  readonly data: string;
  /** Whether data that is there already may be put aside. */
  readonly replace: boolean;
  /** Names the history from now on. */
  readonly identity: string;
  /** Ms since 1970. */
  readonly now: number;
};

/** What was restored: when the backup was made, and where the data is that it replaced. */
export type RestoreReport = MissingUploads & { readonly made: string; readonly replaced: string | null };

/**
 * Puts a backup into a data directory. The history gets a new identity, and all tokens, sessions and invitations end: those that
 * were ended after the backup must not be valid again. Rejects with a sentence, and then the directory has what it had before.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { backup, data, replace, now } = options;
  const manifest = await checkManifest(backup); // STORE-86
  inBackup(backup, () => checkDatabase(join(backup, DATABASE), manifest.rows)); // STORE-86
  const missingPictures = countMissingPictures(backup); // SERVER-189
  const missingFiles = countMissingFiles(backup, manifest.files); // SERVER-281
  const unlock = await claimDirectory(data); // STORE-87
  const staged = join(data, RESTORING);
  try {
    rmSync(staged, { recursive: true, force: true }); // Of a restore that was killed.
    const before = dataIn(data);
    if (before.length > 0 && !replace)
      throw new Error(
        `${data} holds data already (${before[0]}): name an empty directory, or put it aside with --replace`,
      ); // STORE-87
    mkdirSync(staged, { mode: 0o700 });
    const names = Object.keys(manifest.files).map((path) => path.split('/')[0] ?? '');
    const plain = [...new Set(names)].filter((name) => name !== DATABASE);
    for (const name of plain) copyTree(join(backup, name), join(staged, name));
    beginNewHistory(copyOf(join(backup, DATABASE), staged), options);
    sync(join(staged, DATABASE));
    sync(staged);
    const aside = before.length === 0 ? null : putAside(data, before, now);
    for (const name of plain) renameSync(join(staged, name), join(data, name));
    renameSync(join(staged, DATABASE), join(data, DATABASE)); // Last, and at once: until then the old database is there.
    sync(data);
    return { made: manifest.made, replaced: aside, missingPictures, missingFiles };
  } finally {
    rmSync(staged, { recursive: true, force: true });
    unlock();
  }
}

function inBackup(backup: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`the backup ${backup} is damaged: ${reasonOf(error)}`, { cause: error });
  }
}

function copyOf(database: string, directory: string): string {
  const copy = privateFile(directory, DATABASE);
  copyFileSync(database, copy);
  return copy;
}

/** Gives the history another identity and ends all tokens and invitations, as the entries of a running server would, and all sessions. */
function beginNewHistory(file: string, { identity, now }: RestoreOptions): void {
  const db = new DatabaseSync(file);
  try {
    setUpWriter(db);
    migrate(db);
    const people = db
      .prepare('SELECT DISTINCT person FROM token')
      .all()
      .map((row) => integer(row, 'person'));
    const invitations = db.prepare('SELECT room, digest FROM invitation').all();
    const streams = new SqliteStreamStore(db);
    db.exec('BEGIN IMMEDIATE');
    db.prepare('UPDATE meta SET identity = ?').run(identity); // STORE-88
    db.exec('DELETE FROM session; DELETE FROM subscription'); // STORE-143
    for (const person of people) {
      const stream = personStream(person);
      const entry: EntryBody = { type: 'tokens-revoked', person, at: now };
      const rows = [{ op: 'drop-all', table: 'token', person }] as const;
      streams.write({ writes: [{ stream, expected: streams.head(stream), entries: [entry] }], rows }); // STORE-89
    }
    for (const row of invitations) {
      const [room, digest] = [integer(row, 'room'), text(row, 'digest')];
      const stream = roomStream(room);
      const entry: EntryBody = { type: 'invitation-ended', room, digest, at: now };
      const rows = [{ op: 'drop', table: 'invitation', digest }] as const;
      streams.write({ writes: [{ stream, expected: streams.head(stream), entries: [entry] }], rows }); // STORE-161
    }
    streams.finish('restored');
    db.exec('COMMIT');
    if (!checkpoint(db, 'TRUNCATE')) throw new Error('the restored database cannot be written');
  } finally {
    db.close();
  }
}

/** Keeps what a restore replaces, in a directory beside it; the old database stays in its place until it is replaced. */
function putAside(data: string, names: readonly string[], now: number): string {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  const aside = join(data, `${REPLACED}${stamp}`);
  mkdirSync(aside, { mode: 0o700 });
  const database = join(data, DATABASE);
  if (existsSync(database)) {
    emptyLog(database);
    linkSync(database, join(aside, DATABASE));
  }
  // A log that could not be emptied must not be applied to the restored database.
  const moved = names.filter((name) => name !== DATABASE && !name.startsWith(REPLACED));
  for (const name of moved) if (existsSync(join(data, name))) renameSync(join(data, name), join(aside, name)); // STORE-87
  sync(aside);
  return aside;
}

/** Copies the write-ahead log of a database into it, if it is not too damaged for that. */
function emptyLog(database: string): void {
  try {
    const db = new DatabaseSync(database);
    setUpWriter(db);
    checkpoint(db, 'TRUNCATE');
    db.close();
  } catch {}
}
