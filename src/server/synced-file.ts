import { readdirSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a new file for the owner only and waits until it is on the disk; its times are `seconds` since 1970. */
export async function writeSynced(path: string, content: Buffer | string, seconds: number): Promise<void> {
  const file = await open(path, 'wx', 0o600); // SERVER-183 SERVER-216
  try {
    await file.writeFile(content);
    await file.utimes(seconds, seconds);
    await file.sync(); // SERVER-183 SERVER-216
  } finally {
    await file.close();
  }
}

/** Waits until the names in a directory are on the disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes a directory for the owner only, unless it is there; that which it is in is never made: if it is gone, this must fail. */
export async function makeSyncedDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 }); // SERVER-183 SERVER-267
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  await syncDirectory(dirname(path)); // SERVER-183 SERVER-267
}

/** The names in a directory; none if it does not exist. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    return nullIfMissing(error) ?? [];
  }
}

/** Null if this error says that a file or a directory does not exist; throws any other. */
export function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return null;
}
