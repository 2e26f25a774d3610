import {
  closeSync,
  constants,
  copyFileSync,
  chmodSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';

/** The database of a data directory. */
export const DATABASE = 'parlance.db';

/** Where a restore puts what it replaces; the moment follows. */
export const REPLACED = 'replaced-';

/** Where a restore prepares the new data. */
export const RESTORING = 'restoring';

/** What belongs to the running processes, not to the data: locks, their process id, and the admin socket. */
const OF_PROCESSES = /^(?:lock\.db|backup-lock\.db)(?:-journal)?$|^lock\.pid$|^admin\.sock$/;
/** The key of this server's entry in a directory: a copy of the data elsewhere must not take the entry over. */
const OF_LISTING = /^listing\.json(?:\.new)?$/;
const OF_DATABASE = /^parlance\.db(?:-wal|-shm|-journal)?$/;
/** The index for searches is made again from the database. */
const OF_INDEX = /^search\.db(?:-wal|-shm|-journal)?$/;
/** A new file system has it. */
const EMPTY_DISK = 'lost+found';

/** The names in a data directory that hold data, the database's files among them. */
export function dataIn(directory: string): string[] {
  const isOfPlace = (name: string) => OF_PROCESSES.test(name) || OF_LISTING.test(name) || name === EMPTY_DISK; // SERVER-218
  return readdirSync(directory).filter((name) => !isOfPlace(name));
}

/** The names in a data directory that a backup copies as they are: all data but the databases, and what a restore replaced. */
export function plainFilesIn(directory: string): string[] {
  const isOfRestore = (name: string) => name === RESTORING || name.startsWith(REPLACED);
  const isMade = (name: string) => OF_DATABASE.test(name) || OF_INDEX.test(name) || isOfRestore(name);
  return dataIn(directory).filter((name) => !isMade(name)); // STORE-84
}

/** Copies files and directories, readable by their owner only, and syncs each; a link to a directory stays a link. */
export function copyTree(from: string, to: string): void {
  const kind = statSync(from, { throwIfNoEntry: false });
  if (kind === undefined) return; // A link that leads nowhere, or a file that was just removed.
  if (kind.isDirectory() && lstatSync(from).isSymbolicLink()) return symlinkSync(readlinkSync(from), to);
  if (kind.isDirectory()) {
    mkdirSync(to, { mode: 0o700 }); // STORE-85
    for (const name of readdirSync(from)) copyTree(join(from, name), join(to, name));
    return sync(to);
  }
  if (!kind.isFile()) return; // A socket or a pipe holds nothing.
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if (existsSync(from)) throw error;
    return rmSync(to, { force: true }); // A file that was removed or renamed just now.
  }
  chmodSync(to, 0o600); // STORE-85
  sync(to);
}

/** How many bytes a file has, or those in a directory and below it have together. */
export function treeBytes(path: string): number {
  const kind = lstatSync(path, { throwIfNoEntry: false });
  if (kind?.isDirectory()) return readdirSync(path).reduce((sum, name) => sum + treeBytes(join(path, name)), 0);
  return kind?.isFile() ? kind.size : 0;
}

/** Makes sure that a file or a directory is on the disk. */
export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle); // STORE-82
  } finally {
    closeSync(handle);
  }
}
