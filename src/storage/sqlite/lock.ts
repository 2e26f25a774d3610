import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

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
    throw new Error(
      `the data directory ${directory} is in use by ${holder(pidFile)}. Stop that process first, or choose another directory.`,
      { cause: error },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return () => {
    rmSync(pidFile, { force: true });
    db.close();
  };
}

function holder(pidFile: string): string {
  try {
    return `process ${Number.parseInt(readFileSync(pidFile, 'utf8'), 10)}`;
  } catch {
    return 'another process';
  }
}
