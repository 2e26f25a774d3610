import type { Entry, EntryBody } from '../../core/model/entries.ts';
import type { StreamId } from '../../core/model/ids.ts';
import type { AppendItem, KeptResult } from '../../core/ports.ts';
import type { StreamStore } from '../append.ts';
import { decodeRow, encodeRow } from './checksum.ts';
import { type Database, integer, type Row, type Statement, text } from './database.ts';
import { TableWriter } from './table-writer.ts';

/** With more streams than this in memory, all are forgotten and read again when they are needed. */
const STREAMS_KEPT = 10_000;

type Stream = { readonly key: number; head: number };

/**
 * The streams and tables of the writer's connection. Positions stay in memory: the lock of the data directory excludes other
 * writers, and after a failure this object is dropped with its connection.
 */
export class SqliteStreamStore implements StreamStore {
  readonly #tables: TableWriter;
  readonly #findStream: Statement;
  readonly #addStream: Statement;
  readonly #moveStream: Statement;
  readonly #findEntries: Statement;
  readonly #addEntry: Statement;
  readonly #findOnce: Statement;
  readonly #putOnce: Statement;
  readonly #purgeOnce: Statement;
  readonly #purgeSessions: Statement;
  readonly #markClean: Statement;
  readonly #mark: Statement;
  readonly #streams = new Map<StreamId, Stream>();
  readonly #moved = new Set<Stream>();

  constructor(db: Database) {
    this.#tables = new TableWriter(db);
    this.#findStream = db.prepare('SELECT key, head FROM stream WHERE name = ?');
    this.#addStream = db.prepare('INSERT INTO stream (name, head) VALUES (?, 0) RETURNING key, head');
    this.#moveStream = db.prepare('UPDATE stream SET head = ? WHERE key = ?');
    this.#findEntries = db.prepare(ENTRIES);
    this.#addEntry = db.prepare('INSERT INTO entry (stream, position, body, sum) VALUES (?, ?, ?, ?)');
    this.#findOnce = db.prepare(KEPT_RESULT);
    this.#putOnce = db.prepare(
      `INSERT INTO once (scope, key, digest, result, expires) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET digest = excluded.digest, result = excluded.result, expires = excluded.expires`,
    );
    this.#purgeOnce = db.prepare(
      'DELETE FROM once WHERE rowid IN (SELECT rowid FROM once WHERE expires <= ? LIMIT ?) RETURNING 1',
    );
    this.#purgeSessions = db.prepare(
      `DELETE FROM session WHERE rowid IN (SELECT rowid FROM session WHERE body ->> '$.expires' <= ? LIMIT ?)
       RETURNING digest`,
    );
    this.#markClean = db.prepare('UPDATE meta SET clean = 1');
    this.#mark = db.prepare('UPDATE meta SET batch = ?');
  }

  head(stream: StreamId): number {
    return this.#stream(stream)?.head ?? 0;
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    const expected = Math.min(limit, this.head(stream) - after);
    return entriesOf(this.#findEntries.all(stream, after, limit), stream, after, expected);
  }

  once(scope: string, key: string): KeptResult | null {
    return resultOf(this.#findOnce.get(scope, key));
  }

  write(item: AppendItem): void {
    for (const { stream: name, entries } of item.writes) {
      if (entries.length === 0) continue; // STORE-58
      const stream = this.#stream(name) ?? this.#keep(name, this.#addStream.get(name));
      for (const entry of entries) {
        const { body, sum } = encodeRow(entry, name, ++stream.head);
        this.#addEntry.run(stream.key, stream.head, body, sum);
      }
      this.#moved.add(stream);
    }
    for (const change of item.rows) this.#tables.change(change);
    if (item.once === undefined) return;
    const { scope, key, digest, result, expires } = item.once;
    this.#putOnce.run(scope, key, digest, result, expires);
  }

  /** Removes at most `limit` kept results that have expired; returns how many. */
  purgeResults(now: number, limit: number): number {
    return this.#purgeOnce.all(now, limit).length;
  }

  /** Removes at most `limit` sessions that have expired, with their subscriptions; returns how many sessions. */
  purgeSessions(now: number, limit: number): number {
    const ended = this.#purgeSessions.all(now, limit).map((row) => text(row, 'digest'));
    for (const session of ended) this.#tables.change({ op: 'drop-all', table: 'subscription', session }); // STORE-144
    return ended.length;
  }

  /** Notes that the database is being closed cleanly. */
  markClean(): boolean {
    this.#markClean.run();
    return true;
  }

  /** Ends a transaction: writes the new positions of its streams, and the name of the batch. */
  finish(batch: string): void {
    for (const { key, head } of this.#moved) this.#moveStream.run(head, key);
    this.#moved.clear();
    this.#mark.run(batch);
    if (this.#streams.size > STREAMS_KEPT) this.#streams.clear();
  }

  #stream(name: StreamId): Stream | undefined {
    const kept = this.#streams.get(name);
    if (kept !== undefined) return kept;
    const row = this.#findStream.get(name);
    return row === undefined ? undefined : this.#keep(name, row);
  }

  #keep(name: StreamId, row: Row | undefined): Stream {
    if (row === undefined) throw new Error('the database gave a new stream no key');
    const stream = { key: integer(row, 'key'), head: integer(row, 'head') };
    this.#streams.set(name, stream);
    return stream;
  }
}

/** Selects the kept result of a command. */
export const KEPT_RESULT = 'SELECT digest, result, expires FROM once WHERE scope = ? AND key = ?';

/** The result that `KEPT_RESULT` selected. */
export function resultOf(row: Row | undefined): KeptResult | null {
  if (row === undefined) return null;
  return { digest: text(row, 'digest'), result: text(row, 'result'), expires: integer(row, 'expires') };
}

/** Selects entries of a stream after a position, in order. */
export const ENTRIES = `SELECT body, sum FROM entry
  WHERE stream = (SELECT key FROM stream WHERE name = ?) AND position > ? ORDER BY position LIMIT ?`;

/** Decodes rows that `ENTRIES` selected; throws when one is damaged, or there are fewer than expected. */
export function entriesOf(rows: readonly Row[], stream: StreamId, after: number, expected: number): Entry[] {
  if (rows.length < expected) throw new Error('the database lacks entries'); // STORE-43
  return rows.map((row, index) => {
    const position = after + 1 + index;
    return { stream, position, body: decodeRow<EntryBody>(row, stream, position) };
  });
}
