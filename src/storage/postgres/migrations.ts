import type { Client } from 'pg';

/** What a database gets when it is made. */
export type Creation = { readonly serverId: number; readonly identity: string };

/** A database that has the schema of this version. */
export type Migrated = Creation & {
  /** Whether this call ran a migration. */
  readonly changed: boolean;
};

/**
 * Each migration leads from one version of the schema to the next. A released migration is never changed.
 *
 * A row is JSON (`body`) beside the columns by which it is found (`columns.ts`). A message has no body: `position` names the entry
 * that has it as it is now. Its terms get into their index in parts of 256 KiB: with the usual 4 MiB a commit waits for a second or
 * more now and then, until all of that is sorted in. Keys are compared byte by byte. There are no references from table to table: a batch writes what belongs
 * together, and no check costs it time.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE stream (
     key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, head bigint NOT NULL
   );
   CREATE TABLE entry (
     stream bigint NOT NULL, position bigint NOT NULL, body text NOT NULL, PRIMARY KEY (stream, position)
   );
   CREATE TABLE once (
     scope text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, digest text NOT NULL, result text NOT NULL,
     expires bigint NOT NULL, PRIMARY KEY (scope, key)
   );
   CREATE INDEX once_expires ON once (expires);
   CREATE TABLE batch (
     node text COLLATE "C" NOT NULL, number bigint NOT NULL, heads text NOT NULL,
     at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (node, number)
   );
   CREATE TABLE node (
     id text COLLATE "C" PRIMARY KEY, since timestamptz NOT NULL, expires timestamptz NOT NULL
   );
   CREATE TABLE claim (
     skeleton text COLLATE "C" PRIMARY KEY, person bigint NOT NULL, node text COLLATE "C" NOT NULL
   );
   CREATE INDEX claim_node ON claim (node);
   CREATE TABLE room (id bigint PRIMARY KEY, terms tsvector NOT NULL, body text NOT NULL);
   CREATE INDEX room_terms ON room USING gin (terms);
   CREATE TABLE message (
     stream bigint NOT NULL, number bigint NOT NULL, position bigint NOT NULL, id text COLLATE "C" NOT NULL UNIQUE,
     author bigint NOT NULL, withheld boolean NOT NULL, seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE, terms tsvector NOT NULL,
     PRIMARY KEY (stream, number)
   );
   CREATE INDEX message_withheld ON message (stream, number) WHERE withheld;
   CREATE INDEX message_terms ON message USING gin (terms) WITH (gin_pending_list_limit = 256);
   CREATE TABLE mute (
     room bigint NOT NULL, skeleton text COLLATE "C" NOT NULL, body text NOT NULL, PRIMARY KEY (room, skeleton)
   );
   CREATE TABLE member (room bigint NOT NULL, person bigint NOT NULL, body text NOT NULL, PRIMARY KEY (room, person));
   CREATE INDEX member_person ON member (person);
   CREATE TABLE room_ban (room bigint NOT NULL, person bigint NOT NULL, body text NOT NULL, PRIMARY KEY (room, person));
   CREATE TABLE invitation (digest text COLLATE "C" PRIMARY KEY, room bigint NOT NULL, body text NOT NULL);
   CREATE INDEX invitation_room ON invitation (room);
   CREATE TABLE ban (skeleton text COLLATE "C" PRIMARY KEY, body text NOT NULL);
   CREATE TABLE name (skeleton text COLLATE "C" PRIMARY KEY, body text NOT NULL);
   CREATE TABLE account (
     skeleton text COLLATE "C" PRIMARY KEY, person bigint NOT NULL UNIQUE, terms tsvector NOT NULL, body text NOT NULL
   );
   CREATE INDEX account_terms ON account USING gin (terms);
   CREATE TABLE credential (person bigint PRIMARY KEY, body text NOT NULL);
   CREATE TABLE contact (person bigint NOT NULL, other bigint NOT NULL, body text NOT NULL, PRIMARY KEY (person, other));
   CREATE INDEX contact_other ON contact (other);
   CREATE TABLE block (person bigint NOT NULL, other bigint NOT NULL, body text NOT NULL, PRIMARY KEY (person, other));
   CREATE INDEX block_other ON block (other);
   CREATE TABLE read (
     person bigint NOT NULL, room bigint NOT NULL, number bigint NOT NULL, body text NOT NULL, PRIMARY KEY (person, room)
   );
   CREATE INDEX read_room ON read (room, number);
   CREATE TABLE token (digest text COLLATE "C" PRIMARY KEY, person bigint NOT NULL, body text NOT NULL);
   CREATE INDEX token_person ON token (person);
   CREATE TABLE shown (person bigint NOT NULL, room bigint NOT NULL, number bigint NOT NULL, PRIMARY KEY (person, room));
   CREATE TABLE unit (id bigint PRIMARY KEY, body text NOT NULL);
   CREATE TABLE unit_member (unit bigint NOT NULL, person bigint NOT NULL, body text NOT NULL, PRIMARY KEY (unit, person));
   CREATE TABLE session (
     digest text COLLATE "C" PRIMARY KEY, person bigint NOT NULL, expires bigint NOT NULL, token text COLLATE "C",
     body text NOT NULL
   );
   CREATE INDEX session_person ON session (person);
   CREATE INDEX session_expires ON session (expires);
   CREATE TABLE subscription (
     session text COLLATE "C" NOT NULL, document text COLLATE "C" NOT NULL, person bigint NOT NULL, body text NOT NULL,
     PRIMARY KEY (session, document)
   );
   CREATE INDEX subscription_person ON subscription (person);
   CREATE TABLE upload (
     id text COLLATE "C" PRIMARY KEY, person bigint NOT NULL, digest text COLLATE "C" NOT NULL, at bigint NOT NULL,
     size bigint NOT NULL, body text NOT NULL
   );
   CREATE INDEX upload_person ON upload (person);
   CREATE INDEX upload_digest ON upload (digest);
   CREATE INDEX upload_at ON upload (at);
   CREATE TABLE file (
     room bigint NOT NULL, number bigint NOT NULL, id text COLLATE "C" NOT NULL UNIQUE, person bigint NOT NULL,
     digest text COLLATE "C" NOT NULL, size bigint NOT NULL, body text NOT NULL, PRIMARY KEY (room, number)
   );
   CREATE INDEX file_person ON file (person, size);
   CREATE INDEX file_digest ON file (digest);`,

  // Bytes that are being stored have no digest. `at`: when a piece was written last; of stored bytes since when nothing is known to name
  // them, infinity while something does; minus infinity of what is being deleted.
  `CREATE TABLE blob (
     key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text COLLATE "C" NOT NULL, digest text COLLATE "C",
     size bigint NOT NULL, at timestamptz NOT NULL, UNIQUE (kind, digest)
   );
   CREATE INDEX blob_unfinished ON blob (at) WHERE digest IS NULL;
   CREATE TABLE piece (blob bigint NOT NULL, number bigint NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (blob, number));
   CREATE TABLE secret (one boolean PRIMARY KEY CHECK (one), value text NOT NULL);`,
];

/** Has one row; its lock makes other nodes wait while one of them migrates. `settings` are those of the node that started last. */
const META = `CREATE TABLE IF NOT EXISTS meta (
  one boolean PRIMARY KEY CHECK (one), version bigint NOT NULL, server bigint NOT NULL, identity text NOT NULL,
  settings text NOT NULL DEFAULT ''
)`;

/** What PostgreSQL answers when two connections make the same table at the same moment. */
const MADE_BY_ANOTHER = new Set(['23505', '42710', '42P07']);

/** Makes the schema, or runs the migrations that it lacks, each in its own transaction. Throws for a database of a newer version. */
export async function migrate(
  client: Client,
  creation: Creation,
  migrations: readonly string[] = MIGRATIONS,
): Promise<Migrated> {
  await makeMeta(client, creation);
  for (let changed = false; ; changed = true) {
    // Other nodes may wait for a migration as long as it takes.
    await client.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await client.query<Creation & { version: number }>(
      'SELECT version, server AS "serverId", identity FROM meta FOR UPDATE', // STORE-181
    );
    const [meta] = rows;
    if (meta === undefined) throw new Error('the table meta is empty');
    const { version, ...made } = meta;
    const isNewer = version > migrations.length; // STORE-182
    if (isNewer) {
      await client.query('ROLLBACK');
      throw new Error(
        `the data was written by a newer version of Parlance (schema ${version}; this version knows ${migrations.length}). ` +
          'Start that version or a later one, or restore a dump made with this version.',
      );
    }
    const next = migrations[version];
    if (next === undefined) {
      await client.query('ROLLBACK');
      return { ...made, changed };
    }
    await client.query(next); // STORE-180
    await client.query('UPDATE meta SET version = $1', [version + 1]);
    await client.query('COMMIT');
  }
}

async function makeMeta(client: Client, { serverId, identity }: Creation): Promise<void> {
  try {
    await client.query(META);
  } catch (error) {
    if (!MADE_BY_ANOTHER.has(String((error as { code?: unknown }).code))) throw error;
    await client.query(META); // STORE-181
  }
  await client.query('INSERT INTO meta VALUES (true, 0, $1, $2) ON CONFLICT DO NOTHING', [serverId, identity]);
}
