import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from '../database.ts';
import { DATABASE } from './files.ts';
import type { Manifest } from './manifest.ts';

/**
 * How many of the files that people uploaded are not in a backup with these files, or are not what their name says. Reads a
 * database of any version.
 */
export function countMissingFiles(directory: string, files: Manifest['files']): number {
  const db = new DatabaseSync(join(directory, DATABASE), { readOnly: true });
  try {
    const hasFiles = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'file'").get() !== undefined;
    if (!hasFiles) return 0;
    const named = db.prepare('SELECT digest FROM file UNION SELECT digest FROM upload').all();
    const digests = named.map((row) => text(row, 'digest'));
    return digests.filter((digest) => files[join('files', digest)]?.sha256 !== digest).length; // SERVER-281
  } finally {
    db.close();
  }
}
