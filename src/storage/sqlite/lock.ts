import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's code for a file that is locked by another connection. */
const BUSY = 5;

/**
 * Locks a data directory and returns the function that unlocks it; throws, naming the other process, when it is locked.
 * An open transaction holds the lock, on a file of its own, and the operating system drops it when the process ends.
 */
export function lockDirectory(directory: string): () => void {
  const pidFile = join(directory, 'lock.pid');
  const db = new DatabaseSync(join(directory, 'lock.db'));
  try {
    db.exec('BEGIN EXCLUSIVE'); // STORE-37
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error; // STORE-66
    throw new Error(inUse(directory, pidIn(pidFile)), { cause: error });
  }
  note(pidFile);
  return () => {
    if (pidIn(pidFile) === process.pid) rmSync(pidFile, { force: true }); // STORE-64
    db.close();
  };
}

/** The sentence for the operator; `pid` is null if it is not known which process has the directory. */
export function inUse(directory: string, pid: number | null): string {
  const holder = pid === null ? 'another process' : `process ${pid}`;
  return `the data directory ${directory} is in use by ${holder}. Stop that process first, or choose another directory.`;
}

/** The file is a help for people: without it everything works. */
function note(pidFile: string): void {
  try {
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch {}
}

function pidIn(pidFile: string): number | null {
  try {
    return Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  } catch {
    return null;
  }
}
