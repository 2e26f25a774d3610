import type { Entry, EntryBody } from '../../../core/model/entries.ts';
import type { StreamId } from '../../../core/model/ids.ts';
import type { AppendResult, KeptResult } from '../../../core/ports.ts';
import {
  answersOf,
  NEWER_LIMIT,
  onceKey,
  onceKeysOf,
  planAppend,
  staleWritesOf,
  streamsOf,
} from '../../append-plan.ts';
import type { BatchId, StreamKeys } from './append.ts';
import { logBatch } from './append.ts';
import { numberArray, textArray } from './arrays.ts';
import { partsOf, redactedBy, type StoredEntry } from './batch-parts.ts';
import type { EncodedItem } from './encoded.ts';
import type { Part } from './parts.ts';
import { readText } from '../stored-text.ts';
import type { Answer, WriterConnection } from './connection.ts';

/** A transaction that waits for its node blocks other nodes; PostgreSQL ends it after this time. */
const IDLE_MS = 1_000;
/** Less than the deadline of the connection, so that PostgreSQL ends the wait, and the connection stays. */
const LOCK_MS = 2_000;

const BEGIN = [
  'BEGIN ISOLATION LEVEL READ COMMITTED',
  `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS}`, // STORE-212
  `SET LOCAL lock_timeout = ${LOCK_MS}`,
].map((text): Part => ({ name: '', text, values: [] }));
const COMMIT: Part = { name: '', text: 'COMMIT', values: [] };
export const ROLLBACK: Part = { name: '', text: 'ROLLBACK', values: [] };

/** What a transaction found: all streams of its batch with their keys and positions, now locked. */
type Locked = {
  readonly streams: ReadonlyMap<StreamId, { readonly key: number; readonly head: number }>;
  readonly kept: ReadonlyMap<string, KeptResult>;
  /** The entries from before the batch that it redacts. */
  readonly stored: readonly StoredEntry[];
};

/** A batch that is planned, in an open transaction. */
export type Prepared = {
  /** False if the batch writes nothing: then its end is a rollback. */
  readonly writes: boolean;
  /** Sends what is written and the end of the transaction, all at once; resolves when that has happened. */
  finish(): Promise<readonly AppendResult[]>;
  /** The answers of a batch that turned out to be committed when its connection was lost. */
  answers(connection: WriterConnection): Promise<readonly AppendResult[]>;
};

/** Locks the streams of a batch in a transaction, in the order of all nodes, reads what decides it, and plans it. */
export async function prepareAppend(
  connection: WriterConnection,
  items: readonly EncodedItem[],
  batch: BatchId,
  now: number,
  keys: StreamKeys,
): Promise<Prepared> {
  const { streams, kept, stored } = await lock(connection, items, now);
  const keyOf = (stream: StreamId) => keyIn(streams, stream);
  const plan = planAppend(items, new Map(Array.from(streams, ([stream, { head }]) => [stream, head])), kept, now);
  const writes = plan.written.length > 0;
  const stale = staleWritesOf(plan);
  const newer = stale.map(({ stream, expected }) => newerEntries(keyOf(stream), expected));

  function answersIn(answers: readonly Answer[]): readonly AppendResult[] {
    if (writes) for (const [stream, { key }] of streams) keys.set(stream, key);
    return answersOf(plan, new Map(stale.map(({ stream }, index) => [stream, entriesIn(answers[index], stream)])));
  }

  return {
    writes,
    async finish() {
      const written = writes ? [moveStreams(plan.heads, keyOf), ...partsOf(plan.written, { keyOf, stored }, true)] : [];
      const ending = writes ? [logBatch(batch, plan.heads), COMMIT] : [ROLLBACK];
      const answers = await all(connection, [...written, ...newer, ...ending]);
      if (writes && answers.at(-1)?.command !== 'COMMIT') throw new Error('PostgreSQL rolled the batch back'); // STORE-213
      return answersIn(answers.slice(written.length));
    },
    async answers(connection) {
      return answersIn(await all(connection, newer));
    },
  };
}

async function lock(connection: WriterConnection, items: readonly EncodedItem[], now: number): Promise<Locked> {
  const names = [...streamsOf(items)].sort();
  const once = [...onceKeysOf(items).values()];
  const onceValues = [textArray(once.map(({ scope }) => scope)), textArray(once.map(({ key }) => key))];
  const redactions = redactedBy(items);
  // Each statement sees what was committed before it began: so the locks come first, and then what they protect is read.
  const answers = await all(connection, [
    ...BEGIN,
    { name: 'add streams', text: ADD_STREAMS, values: [textArray(names)] },
    { name: 'lock streams', text: LOCK_STREAMS, values: [textArray(names)] },
    { name: 'heads', text: HEADS, values: [textArray(names)] },
    { name: 'drop expired', text: DROP_EXPIRED, values: [...onceValues, String(now)] },
    { name: 'kept', text: KEPT, values: onceValues },
    {
      name: 'redacted',
      text: REDACTED,
      values: [
        textArray(redactions.map(({ stream }) => stream)),
        numberArray(redactions.map(({ position }) => position)),
      ],
    },
  ]);
  const [heads, , kept, stored] = answers.slice(-4).map(({ rows }) => rows);
  const streams = ((heads ?? []) as { name: StreamId; key: number; head: number }[]).map(
    ({ name, key, head }): [StreamId, { key: number; head: number }] => [name, { key, head }],
  );
  const results = ((kept ?? []) as (KeptResult & { scope: string; key: string })[]).map(
    ({ scope, key, digest, result, expires }): [string, KeptResult] => [
      onceKey({ scope: readText(scope), key: readText(key) }),
      { digest: readText(digest), result: readText(result), expires },
    ],
  );
  return { streams: new Map(streams), kept: new Map(results), stored: (stored ?? []) as StoredEntry[] };
}

/** Names come before keys, and names in their order: with that, no two transactions wait for each other. */
const ADD_STREAMS = `INSERT INTO stream (name, head) SELECT v.name, 0 FROM unnest($1::text[]) v (name)
  WHERE NOT EXISTS (SELECT FROM stream s WHERE s.name = v.name) ORDER BY v.name COLLATE "C" ON CONFLICT (name) DO NOTHING`;
const LOCK_STREAMS = 'SELECT FROM stream WHERE name = ANY($1::text[]) ORDER BY key FOR NO KEY UPDATE';
const HEADS = 'SELECT name, key, head FROM stream WHERE name = ANY($1::text[])';
const DROP_EXPIRED = `DELETE FROM once o USING unnest($1::text[], $2::text[]) v (scope, key)
  WHERE o.scope = v.scope AND o.key = v.key AND o.expires <= $3::bigint`; // STORE-08
const KEPT = `SELECT o.scope, o.key, o.digest, o.result, o.expires
  FROM once o JOIN unnest($1::text[], $2::text[]) v (scope, key) USING (scope, key)`;
const REDACTED = `SELECT e.stream, e.position, e.body
  FROM unnest($1::text[], $2::bigint[]) v (name, position)
  JOIN stream s ON s.name = v.name JOIN entry e ON e.stream = s.key AND e.position = v.position`;

function moveStreams(heads: ReadonlyMap<StreamId, number>, keyOf: (stream: StreamId) => number): Part {
  return {
    name: 'move streams',
    text: 'UPDATE stream s SET head = v.head FROM unnest($1::bigint[], $2::bigint[]) v (key, head) WHERE s.key = v.key',
    values: [numberArray(Array.from(heads.keys(), keyOf)), numberArray([...heads.values()])],
  };
}

function newerEntries(key: number, after: number): Part {
  return {
    name: 'newer',
    text: `SELECT position, body FROM entry WHERE stream = $1::bigint AND position > $2::bigint
      ORDER BY position LIMIT ${NEWER_LIMIT}`,
    values: [String(key), String(after)],
  };
}

function entriesIn(answer: Answer | undefined, stream: StreamId): Entry[] {
  const rows = (answer?.rows ?? []) as { position: number; body: string }[];
  return rows.map(({ position, body }) => ({ stream, position, body: JSON.parse(body) as EntryBody }));
}

function keyIn(streams: Locked['streams'], stream: StreamId): number {
  const found = streams.get(stream);
  if (found === undefined) throw new Error(`PostgreSQL has no row for ${stream}`);
  return found.key;
}

/** Sends all statements at once. If any fails, it rejects with the first failure, when all are answered. */
async function all(connection: WriterConnection, statements: readonly Part[]): Promise<Answer[]> {
  const settled = await Promise.allSettled(statements.map((statement) => connection.ask(statement)));
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
