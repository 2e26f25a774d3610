import type { Entry } from '../core/model/entries.ts';
import type { StreamId } from '../core/model/ids.ts';
import type { AppendItem, AppendResult, KeptResult } from '../core/ports.ts';
import { answersOf, NEWER_LIMIT, onceKeysOf, planAppend, staleWritesOf, streamsOf } from './append-plan.ts';

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

/** The answers to a batch, and the positions of the streams that it wrote to. */
export type Appended = { readonly results: readonly AppendResult[]; readonly heads: ReadonlyMap<StreamId, number> };

/** Reads what the plan of a batch depends on, writes what is committed, and answers the items. `now` is ms since 1970. */
export function appendBatch(batch: readonly AppendItem[], store: StreamStore, now: number): Appended {
  const heads = new Map<StreamId, number>();
  for (const stream of streamsOf(batch)) heads.set(stream, store.head(stream));
  const kept = new Map<string, KeptResult>();
  for (const [id, { scope, key }] of onceKeysOf(batch)) {
    const result = store.once(scope, key);
    if (result !== null) kept.set(id, result);
  }
  const plan = planAppend(batch, heads, kept, now);
  for (const item of plan.written) store.write(item);
  const newer = new Map<StreamId, Entry[]>();
  for (const { stream, expected } of staleWritesOf(plan))
    newer.set(stream, store.entries(stream, expected, NEWER_LIMIT));
  return { results: answersOf(plan, newer), heads: plan.heads };
}
