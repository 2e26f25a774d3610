import type { Entry } from '../core/model/entries.ts';
import type { StreamId } from '../core/model/ids.ts';
import type { AppendItem, AppendResult, StreamWrite } from '../core/ports.ts';

/** The most entries of one stream that a conflict brings; the caller reads the rest itself. */
export const NEWER_LIMIT = 1_000;

/** The kept result of a command, until `expires` (ms since 1970). */
export type KeptOnce = { readonly digest: string; readonly result: string; readonly expires: number };

/** What answering a batch needs of a store. All calls for one batch happen in one transaction and see what it wrote. */
export interface Records {
  /** The last position of a stream, 0 for one without entries. */
  head(stream: StreamId): number;
  /** At most `limit` entries after a position, in order. */
  entries(stream: StreamId, after: number, limit: number): Entry[];
  once(scope: string, key: string): KeptOnce | null;
  /** Writes all of an item; its positions have been checked. */
  write(item: AppendItem): void;
}

const COMMITTED: AppendResult = { type: 'committed' };

/** Answers the items of a batch in order and writes those that are committed (STORE-01 to STORE-08, STORE-54). `now` is ms since 1970. */
export function appendBatch(batch: readonly AppendItem[], records: Records, now: number): AppendResult[] {
  const refused = new Set<StreamId>();
  return batch.map((item) => {
    const result = appendItem(item, records, refused, now);
    if (result.type !== 'committed') for (const { stream } of item.writes) refused.add(stream); // STORE-06
    return result;
  });
}

function appendItem(item: AppendItem, records: Records, refused: ReadonlySet<StreamId>, now: number): AppendResult {
  if (item.once !== undefined) {
    const kept = records.once(item.once.scope, item.once.key);
    if (kept !== null && kept.expires > now) return { type: 'repeated', digest: kept.digest, result: kept.result }; // STORE-07 STORE-08
  }
  const stale = item.writes.filter(
    ({ stream, expected }) => refused.has(stream) || records.head(stream) !== expected, // STORE-01 STORE-02 STORE-05 STORE-06
  );
  if (stale.length > 0) return { type: 'conflict', newer: newerThan(stale, records, refused) }; // STORE-03 STORE-54
  records.write(item);
  return COMMITTED;
}

/** What stale streams have gained. After a refused item there is nothing to bring: its own conflict has brought it. */
function newerThan(stale: readonly StreamWrite[], records: Records, refused: ReadonlySet<StreamId>): Entry[] {
  const unseen = stale.filter(({ stream }) => !refused.has(stream)); // STORE-04
  return unseen.flatMap(({ stream, expected }) => records.entries(stream, expected, NEWER_LIMIT)); // STORE-04
}
