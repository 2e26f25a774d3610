import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkStored, type DatabaseCheck, type Stored } from './check-stored.ts';
import type { ClientLog } from './client-log.ts';

/** Reads a copy of the SQLite database of a server that has ended, and compares it with what clients were told. */
export function checkDatabase(dataDir: string, log: ClientLog): DatabaseCheck {
  const copy = mkdtempSync(join(tmpdir(), 'parlance-crash-'));
  try {
    for (const file of ['parlance.db', 'parlance.db-wal']) {
      if (existsSync(join(dataDir, file))) cpSync(join(dataDir, file), join(copy, file), { force: true });
    }
    const { integrity, ...stored } = read(new DatabaseSync(join(copy, 'parlance.db')));
    const check = checkStored(stored, log.copy());
    return integrity === 'ok'
      ? check
      : { ...check, problems: [`the database is damaged: ${integrity}`, ...check.problems] };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function read(db: DatabaseSync): Stored & { readonly integrity: string } {
  const entries = db
    .prepare(
      'SELECT s.name, e.position, e.body FROM entry e JOIN stream s ON s.key = e.stream ORDER BY s.name, e.position',
    )
    .all() as unknown as Stored['entries'];
  const current = db.prepare('SELECT body FROM message ORDER BY number').all() as unknown as { body: string }[];
  const integrity = db.prepare('PRAGMA integrity_check').get() as unknown as { integrity_check: string };
  db.close();
  return { entries, current: current.map(({ body }) => body), integrity: integrity.integrity_check };
}
