import type { Entry } from '../core/model/entries.ts';
import type { StreamId } from '../core/model/ids.ts';
import type { AppendItem, AppendResult, KeptResult, StreamWrite } from '../core/ports.ts';

/** The most entries of one stream that a conflict brings; the caller reads the rest itself. */
export const NEWER_LIMIT = 1_000;

/** A store's streams, for `appendBatch`. All calls for one batch are in one transaction and see what the batch wrote. */
export interface StreamStore {
  /** The last position of a stream, 0 for one without entries. */
  head(stream: StreamId): number;
  /** At most `limit` entries after a position, in order. */
  entries(stream: StreamId, after: number, limit: number): Entry[];
  once(scope: string, key: string): KeptResult | null;
  /** Writes everything in an item whose positions have been checked. */
  write(item: AppendItem): void;
}

const COMMITTED: AppendResult = { type: 'committed' };

/**
 * Answers the items of a batch in order and writes those that are committed (STORE-01 to STORE-08, STORE-54). `now` is ms
 * since 1970.
 */
export function appendBatch(batch: readonly AppendItem[], streams: StreamStore, now: number): AppendResult[] {
  const uncommitted = new Set<StreamId>();
  return batch.map((item) => {
    const result = appendItem(item, streams, uncommitted, now);
    if (result.type !== 'committed') for (const { stream } of item.writes) uncommitted.add(stream); // STORE-06
    return result;
  });
}

function appendItem(
  item: AppendItem,
  streams: StreamStore,
  uncommitted: ReadonlySet<StreamId>,
  now: number,
): AppendResult {
  if (item.once !== undefined) {
    const kept = streams.once(item.once.scope, item.once.key);
    if (kept !== null && kept.expires > now) return { type: 'repeated', digest: kept.digest, result: kept.result }; // STORE-07 STORE-08
  }
  const stale = item.writes.filter(
    ({ stream, expected }) => uncommitted.has(stream) || streams.head(stream) !== expected, // STORE-01 STORE-02 STORE-05 STORE-06
  );
  if (stale.length > 0) return { type: 'conflict', newer: newerThan(stale, streams, uncommitted) }; // STORE-03 STORE-54
  streams.write(item);
  return COMMITTED;
}

/** The newer entries of stale streams. It leaves out streams of an earlier item that was not committed (STORE-04). */
function newerThan(stale: readonly StreamWrite[], streams: StreamStore, uncommitted: ReadonlySet<StreamId>): Entry[] {
  const unseen = stale.filter(({ stream }) => !uncommitted.has(stream)); // STORE-04
  return unseen.flatMap(({ stream, expected }) => streams.entries(stream, expected, NEWER_LIMIT)); // STORE-04
}
