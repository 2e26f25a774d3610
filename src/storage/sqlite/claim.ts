import { mkdirSync } from 'node:fs';
import { reasonOf } from '../../lib/reason.ts';
import { lockDirectory } from './lock.ts';
import { lockPath, lockPlace } from './place-lock.ts';
import { privateFile } from './private-file.ts';

/** The file of a data directory that is locked. */
export const LOCK = 'lock.db';

const ELSEWHERE = 'or choose another directory with --data';

/** What the operator can do about a code of the system. */
const advice: ReadonlyMap<string, string> = new Map([
  ['EACCES', `Give it to this system user with chown, ${ELSEWHERE}`],
  ['EPERM', `Give it to this system user with chown, ${ELSEWHERE}`],
  ['EROFS', `Mount its file system for writing, ${ELSEWHERE}`],
  ['ENOSPC', `Make room on the disk, ${ELSEWHERE}`],
  ['EDQUOT', `Make room, for the quota of this system user is used up, ${ELSEWHERE}`],
  ['ENOTDIR', `Move the file that is in the way, ${ELSEWHERE}`],
  ['EEXIST', `Move the file that is in the way, ${ELSEWHERE}`],
  ['EISDIR', `Move the directory that is in the place of a file, ${ELSEWHERE}`],
  ['ENOENT', `Mount what its link leads to, ${ELSEWHERE}`],
  ['ELOOP', `Mend its links, ${ELSEWHERE}`],
  ['EMFILE', 'Let this process open more files (ulimit -n)'],
]);

/**
 * Makes a data directory if it is missing, and locks it; resolves with the function that unlocks it. Rejects with a sentence
 * for the operator.
 */
export async function claimDirectory(directory: string): Promise<() => void> {
  const unlocks: (() => void)[] = [];
  const release = () => {
    for (const unlock of unlocks.toReversed()) unlock();
  };
  try {
    // First, so that nothing is made in the place of a directory that was moved away from a running server.
    unlocks.push(await lockPath(directory)); // STORE-65
    mkdirSync(directory, { recursive: true, mode: 0o700 }); // STORE-38
    unlocks.push(await lockPlace(directory)); // STORE-65
    privateFile(directory, LOCK);
    unlocks.push(lockDirectory(directory)); // STORE-37
    return release;
  } catch (error) {
    release();
    throw problemWith(directory, error);
  }
}

/** An error with a sentence that says what to do; errors that are no errors of the system have one. */
export function problemWith(directory: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const hint = advice.get(code) ?? `Look at the log of the system, ${ELSEWHERE}`;
  return new Error(`the data directory ${directory} cannot be used (${reasonOf(error)}). ${hint}`, { cause: error }); // STORE-66 SERVER-120
}
