import type { SqliteStorage } from '../storage/sqlite/storage.ts';
import { reasonOf } from '../lib/reason.ts';

/** Resolves, with the reason, when a worker of the store has died or the file is found damaged. */
export async function storageFailure({ failed, checked }: Pick<SqliteStorage, 'failed' | 'checked'>): Promise<string> {
  const damaged = new Promise<string>((resolve) => {
    checked.catch((error: unknown) => resolve(reasonOf(error)));
  });
  return Promise.race([damaged, failed.then(({ message }) => `the database cannot be used any more (${message})`)]); // SERVER-16
}
