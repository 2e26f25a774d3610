import { decodeRow, encodeRow } from './checksum.ts';
import { type Database, integer, one, type Row } from './database.ts';

/** SQL, or a function where rows have to be written anew: their checksums are not computed in SQL. */
type Migration = string | ((db: Database) => void);

/**
 * Each migration leads from one version of the schema to the next; a database's version is the number of migrations it
 * has run. A released migration is never changed.
 *
 * A row is JSON (`body`) with its CRC-32 (`sum`), beside the columns by which it is found (`../schema.ts`). The tables
 * have rowids, so that new rows of many rooms fill one page instead of one page for each room, and a commit writes less.
 */
export const MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE meta (
     one INTEGER PRIMARY KEY CHECK (one = 1), server INTEGER NOT NULL, identity TEXT NOT NULL,
     clean INTEGER NOT NULL, batch TEXT NOT NULL
   ) STRICT;
   CREATE TABLE stream (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL) STRICT;
   CREATE TABLE entry (
     stream INTEGER NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (stream, position)
   ) STRICT;
   CREATE TABLE room (id INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
   CREATE TABLE message (
     room INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, number)
   ) STRICT;
   CREATE TABLE mute (
     room INTEGER NOT NULL, skeleton TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, skeleton)
   ) STRICT;
   CREATE TABLE ban (skeleton TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
   CREATE TABLE name (skeleton TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
   CREATE TABLE once (
     scope TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, result TEXT NOT NULL, expires INTEGER NOT NULL,
     PRIMARY KEY (scope, key)
   ) STRICT;
   CREATE INDEX once_expires ON once (expires);`,
  `CREATE TABLE member (
     room INTEGER NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, person)
   ) STRICT;
   CREATE INDEX member_person ON member (person);
   CREATE TABLE account (
     skeleton TEXT PRIMARY KEY, person INTEGER NOT NULL UNIQUE, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE credential (person INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
   CREATE TABLE contact (
     person INTEGER NOT NULL, other INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, other)
   ) STRICT;
   CREATE TABLE block (
     person INTEGER NOT NULL, other INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, other)
   ) STRICT;
   CREATE TABLE read (
     person INTEGER NOT NULL, room INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, room)
   ) STRICT;
   CREATE TABLE shown (person INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;`,
  `CREATE TABLE token (
     digest TEXT PRIMARY KEY, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX token_person ON token (person);`,
  `CREATE TABLE unit (id INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
   CREATE TABLE unit_member (
     unit INTEGER NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (unit, person)
   ) STRICT;`,
  `CREATE INDEX message_withheld ON message (room, number) WHERE body ->> '$.withheld' IS NOT NULL;
   CREATE INDEX read_room ON read (room, body ->> '$.number');
   CREATE TABLE room_ban (
     room INTEGER NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, person)
   ) STRICT;`,
  `CREATE TABLE session (
     digest TEXT PRIMARY KEY, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX session_person ON session (person);
   CREATE INDEX session_expires ON session (body ->> '$.expires');
   CREATE TABLE subscription (
     session TEXT NOT NULL, document TEXT NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (session, document)
   ) STRICT;
   CREATE INDEX subscription_person ON subscription (person);`,
  `CREATE TABLE upload (
     id TEXT PRIMARY KEY, person INTEGER NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX upload_person ON upload (person);
   CREATE INDEX upload_digest ON upload (digest);
   CREATE INDEX upload_at ON upload (body ->> '$.at');
   CREATE TABLE file (
     room INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, person INTEGER NOT NULL,
     digest TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, number)
   ) STRICT;
   CREATE INDEX file_person ON file (person, body ->> '$.size');
   CREATE INDEX file_digest ON file (digest);`,
  `CREATE TABLE invitation (
     digest TEXT PRIMARY KEY, room INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX invitation_room ON invitation (room);`,
  splitMarkers,
];

/** One row for each person and room, instead of one for each person. */
function splitMarkers(db: Database): void {
  db.exec(
    `ALTER TABLE shown RENAME TO shown_before;
     CREATE TABLE shown (
       person INTEGER NOT NULL, room INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
       PRIMARY KEY (person, room)
     ) STRICT;`,
  );
  const before = db.prepare('SELECT person, body, sum FROM shown_before WHERE person > ? ORDER BY person LIMIT 1000');
  const add = db.prepare('INSERT INTO shown (person, room, number, body, sum) VALUES (?, ?, ?, ?, ?)');
  for (let rows = before.all(-1); rows.length > 0; rows = before.all(integer(rows.at(-1) ?? {}, 'person'))) {
    for (const row of rows) {
      const person = integer(row, 'person');
      for (const [room, number] of markersIn(row, person)) {
        const { body, sum } = encodeRow({ person, room, number }, person, room, number);
        add.run(person, room, number, body, sum);
      }
    }
  }
  db.exec('DROP TABLE shown_before');
}

/** The markers in a row as it was before; none in a damaged one, for what was delivered already may come again. */
function markersIn(row: Row, person: number): readonly (readonly [number, number])[] {
  try {
    return decodeRow<{ readonly rooms: readonly (readonly [number, number])[] }>(row, person).rooms;
  } catch {
    return []; // STORE-157
  }
}

/** Runs the migrations that a database lacks, each in its own transaction; throws for a database of a newer version. */
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const version = integer(one(db, 'PRAGMA user_version'), 'user_version');
  const newer = version > migrations.length; // STORE-35
  if (newer) {
    throw new Error(
      `the data was written by a newer version of Parlance (schema ${version}; this version knows ${migrations.length}). ` +
        'Start that version or a later one, or restore a backup made with this version.',
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue; // STORE-36 STORE-56
    db.exec('BEGIN IMMEDIATE');
    if (typeof migration === 'string') db.exec(migration);
    else migration(db);
    db.exec(`PRAGMA user_version = ${index + 1}`);
    db.exec('COMMIT');
  }
}
