import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a data directory for this process; throws when another opening has it, saying which process that is. The lock is
 * one of the operating system on a file, held by an open transaction: it ends with the process, however that ends.
 * Returns what gives the directory back.
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
