import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from '../database.ts';
import { DATABASE } from './files.ts';

/**
 * How many of the pictures that the accounts in a backup have are not in it, or are not what their name says. Reads a
 * database of any version.
 */
export function countMissingPictures(directory: string): number {
  const db = new DatabaseSync(join(directory, DATABASE), { readOnly: true });
  try {
    const hasAccounts = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'account'").get() !== undefined;
    if (!hasAccounts) return 0;
    const rows = db.prepare("SELECT DISTINCT body ->> '$.picture' AS picture FROM account").all();
    const named = rows.flatMap((row) => (row.picture === null ? [] : text(row, 'picture')));
    return named.filter((digest) => !isWhole(join(directory, 'pictures', digest), digest)).length;
  } finally {
    db.close();
  }
}

function isWhole(path: string, digest: string): boolean {
  return existsSync(path) && hash('sha256', readFileSync(path)) === digest; // SERVER-189
}
