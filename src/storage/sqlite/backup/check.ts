import { DatabaseSync } from 'node:sqlite';
import { TABLES } from '../../schema.ts';
import { decodeRow } from '../checksum.ts';
import { integer, one, text, type Value } from '../database.ts';
import { MIGRATIONS } from '../migrations.ts';

/** The tables without a checksum; the others are in `schema.ts`. */
const PLAIN = ['meta', 'stream', 'once'];

/** How many rows each table has. */
export type RowCounts = Readonly<Record<string, number>>;

/** Counts the rows of all tables that the database's version has. */
export function countRows(db: DatabaseSync): RowCounts {
  const known = new Set(
    db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map((row) => text(row, 'name')),
  );
  const tables = [...PLAIN, 'entry', ...TABLES].filter((table) => known.has(table));
  return Object.fromEntries(
    tables.map((table) => [table, integer(one(db, `SELECT count(*) AS count FROM ${table}`), 'count')]),
  );
}

/**
 * Checks a database that nothing else has open: SQLite's own check, the checksum of every row, entries and message numbers
 * without gaps, and as many rows as expected. Throws a sentence about the first problem.
 */
export function checkDatabase(file: string, expected: RowCounts): void {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const version = integer(one(db, 'PRAGMA user_version'), 'user_version');
    if (version > MIGRATIONS.length)
      throw new Error(
        `it was written by a newer version of Parlance (schema ${version}); use that version or a later one`,
      );
    const found = text(one(db, 'PRAGMA integrity_check(1)'), 'integrity_check');
    if (found !== 'ok') throw new Error(found.replaceAll('\n', ' ')); // STORE-81
    const counts = countRows(db);
    for (const [table, count] of Object.entries(expected)) {
      if (counts[table] !== count) throw new Error(`the table ${table} has ${counts[table]} rows instead of ${count}`); // STORE-81
    }
    checkStreams(db);
    checkEntries(db);
    for (const table of TABLES) if (counts[table] !== undefined) checkTable(db, table);
  } finally {
    db.close();
  }
}

/** Positions and numbers count 1, 2, 3; a unique key excludes doubles, so counts show gaps. */
function checkStreams(db: DatabaseSync): void {
  const incomplete = db
    .prepare(
      `SELECT name FROM stream WHERE head <> (SELECT count(*) FROM entry WHERE stream = key)
         OR head <> (SELECT coalesce(max(position), 0) FROM entry WHERE stream = key)`,
    )
    .get();
  if (incomplete !== undefined) throw new Error(`the stream ${text(incomplete, 'name')} lacks entries`); // STORE-81
  const gap = db.prepare('SELECT room FROM message GROUP BY room HAVING count(*) <> max(number)').get();
  if (gap !== undefined) throw new Error(`the room ${integer(gap, 'room')} lacks messages`); // STORE-81
}

function checkEntries(db: DatabaseSync): void {
  const entries = db.prepare('SELECT name, position, body, sum FROM entry JOIN stream ON key = stream');
  for (const row of entries.iterate()) decodeRow(row, text(row, 'name'), integer(row, 'position')); // STORE-81
}

function checkTable(db: DatabaseSync, table: (typeof TABLES)[number]): void {
  // A backup of an earlier version may have other columns; the checksum covers all but its own and the body's, in their order.
  const isKey = ([column]: [string, unknown]) => column !== 'body' && column !== 'sum';
  for (const row of db.prepare(`SELECT * FROM ${table}`).iterate())
    decodeRow(
      row,
      ...Object.entries(row)
        .filter(isKey)
        .map(([, value]) => value as Value),
    ); // STORE-81
}
