import type { Clock, Ids, Log, Names } from '../../core/ports.ts';
import type { NodeId } from '../../core/model/ids.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { BlobKind, Blobs } from '../blobs.ts';
import type { ServerStorage } from '../server-storage.ts';
import { PostgresBlobs } from './blobs/blobs.ts';
import { connect, type Target, targetOf } from './connection.ts';
import { type Migrated, migrate } from './migrations.ts';
import { PostgresNames } from './names.ts';
import { Queries } from './queries.ts';
import { Reader } from './reader.ts';
import { Searcher } from './searcher.ts';
import { applySettings } from './settings.ts';
import { PostgresStorage } from './storage.ts';
import { readText, storedText } from './stored-text.ts';
import { openWriteSide } from './writer/write-side.ts';

export type PostgresOptions = {
  /** `postgres://user:password@host:port/database`. With `?prepare=false` no statement is prepared. */
  readonly url: string;
  /** This process; no other one ever has the same. */
  readonly node: NodeId;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  readonly ids: Pick<Ids, 'integer' | 'identity' | 'secret'>;
  readonly log: Log;
};

/** What a node keeps in PostgreSQL. Closing the store ends all connections. */
export type Postgres = {
  readonly storage: ServerStorage;
  readonly names: Names;
  /** Keeps the settings of this node, and returns what the last one kept here, or ''. */
  exchangeSettings(settings: string): Promise<string>;
  readonly blobs: (kind: BlobKind) => Blobs;
  /** Made with the database, and never shown: all nodes have the same. */
  readonly secret: string;
};

/** How many connections read, search, move files, claim names and renew the lease: so none of these waits for another one. */
const CONNECTIONS = [4, 2, 2, 1, 1] as const;

/** Opens the store in a database; rejects, with a sentence for the operator, when it cannot be used. No error has the URL. */
export async function openPostgres({ url, node, clock, ids, log }: PostgresOptions): Promise<Postgres> {
  const target = targetOf(url);
  const readers = CONNECTIONS.map((max) => new Reader(target, max, clock));
  const [reads, searches, files, claims, leases] = readers as [Reader, Reader, Reader, Reader, Reader];
  const close = async (): Promise<void> => {
    await Promise.all(readers.map((reader) => reader.close()));
  };
  try {
    const { serverId, identity, secret } = await prepare(target, ids, log);
    const ask = async ({ values, ...statement }: { name: string; text: string; values: readonly string[] }) =>
      reads.ask<Record<string, unknown>>(statement, values);
    const newIdentity = () => ids.identity();
    const writes = await openWriteSide({ target, node, identity, newIdentity, ask, clock, log });
    void writes.failed.then(({ message }) => {
      for (const reader of readers) reader.refuse(message);
    });
    log.info('storage-opened', { serverId });
    const [queries, searcher] = [new Queries(reads), new Searcher(searches, clock)];
    const storage = new PostgresStorage({ serverId, identity, writes, queries, searcher, close });
    const exchangeSettings = async (settings: string) => {
      const [before] = await reads.ask<{ settings: string }>(EXCHANGE, [storedText(settings)]);
      return readText(before?.settings ?? '');
    };
    const blobs = (kind: BlobKind) => new PostgresBlobs(kind, files); // STORE-240
    return { storage, names: new PostgresNames(claims, leases), exchangeSettings, blobs, secret };
  } catch (error) {
    await close();
    throw new Error(`cannot open the database: ${reasonOf(error)}`, { cause: error });
  }
}

/** Brings the schema and the settings up to date, on a connection that may wait for another node that does so. */
async function prepare(
  target: Target,
  ids: PostgresOptions['ids'],
  log: Log,
): Promise<Migrated & Pick<Postgres, 'secret'>> {
  const client = await connect({ ...target, config: { ...target.config, query_timeout: 0 } });
  try {
    const migrated = await migrate(client, { serverId: ids.integer(), identity: ids.identity() });
    await applySettings(client, log);
    await client.query('INSERT INTO secret VALUES (true, $1) ON CONFLICT DO NOTHING', [ids.secret()]); // STORE-246
    const { rows } = await client.query<{ value: string }>('SELECT value FROM secret');
    return { ...migrated, secret: rows[0]?.value ?? '' };
  } finally {
    await client.end();
  }
}

const EXCHANGE = {
  name: 'exchange settings',
  text: `WITH before AS MATERIALIZED (SELECT settings FROM meta FOR UPDATE), after AS (UPDATE meta SET settings = $1)
    SELECT settings FROM before`,
};
