import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { withDefaults } from '../../../lib/platform.ts';
import { BUSY_MS, type Database } from '../database.ts';
import { sameFile } from '../data-files.ts';
import { freeBytes } from '../free-bytes.ts';
import { privateFile } from '../private-file.ts';
import type { SearcherHost } from './searcher.ts';

/** The file of the index, beside the database. */
const INDEX = 'search.db';

/** The database, which exists, and the index beside it. Files that took the place of the open database's are left alone. */
export function indexBeside(directory: string, database: string): SearcherHost {
  const checkFile = sameFile(join(directory, database));
  return {
    connect(): Database {
      checkFile(); // STORE-60
      return new DatabaseSync(join(directory, database), { timeout: BUSY_MS, readOnly: true });
    },
    openIndex(): Database {
      checkFile(); // STORE-64
      return new DatabaseSync(privateFile(directory, INDEX), { timeout: BUSY_MS }); // STORE-38
    },
    removeIndex(): void {
      checkFile(); // STORE-64
      for (const end of ['', '-wal', '-shm']) rmSync(join(directory, INDEX + end), { force: true });
    },
    freeBytes: () => freeBytes(directory),
    monotonic: withDefaults({}).monotonic,
    unicode: process.versions['unicode'] ?? '',
  };
}
