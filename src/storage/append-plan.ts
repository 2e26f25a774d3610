import type { Entry } from '../core/model/entries.ts';
import type { StreamId } from '../core/model/ids.ts';
import type { AppendItem, AppendResult, KeptResult, Once, StreamWrite } from '../core/ports.ts';

/** The most entries of one stream that a conflict brings; the caller reads the rest itself. */
export const NEWER_LIMIT = 1_000;

/** What a plan has to know of an item; its entries may be encoded in any way. */
export type PlannedItem = Pick<AppendItem, 'once'> & { readonly writes: readonly PlannedWrite[] };
export type PlannedWrite = Pick<StreamWrite, 'stream' | 'expected'> & { readonly entries: readonly unknown[] };

/** The answer to one item. A conflict names the stale writes whose newer entries it brings. */
export type PlannedResult =
  | Extract<AppendResult, { type: 'committed' | 'repeated' }>
  | { readonly type: 'conflict'; readonly stale: readonly PlannedWrite[] };

/** What becomes of a batch: an answer to each item, and what to write. */
export type AppendPlan<Item> = {
  readonly results: readonly PlannedResult[];
  /** The items that are committed, in order. Their entries take the next positions of their streams. */
  readonly written: readonly Item[];
  /** The positions that streams are at afterwards, for those that entries are written to. */
  readonly heads: ReadonlyMap<StreamId, number>;
};

const COMMITTED: PlannedResult = { type: 'committed' };

/** The streams whose positions `planAppend` compares, each once. */
export function streamsOf(batch: readonly PlannedItem[]): Set<StreamId> {
  const streams = new Set<StreamId>();
  for (const { writes } of batch) for (const { stream } of writes) streams.add(stream);
  return streams;
}

/** The scopes and keys whose kept results `planAppend` looks up, by `onceKey`. */
export function onceKeysOf(batch: readonly PlannedItem[]): Map<string, Pick<Once, 'scope' | 'key'>> {
  const keys = new Map<string, Pick<Once, 'scope' | 'key'>>();
  for (const { once } of batch) if (once !== undefined) keys.set(onceKey(once), once);
  return keys;
}

/** A text that stands for this scope and key, and for no others. */
export function onceKey({ scope, key }: Pick<Once, 'scope' | 'key'>): string {
  return JSON.stringify([scope, key]); // STORE-07
}

/**
 * Decides a batch, item after item, by what is stored before it: the positions of its streams (0 for one that is not in
 * `heads`) and the kept results of its commands, by `onceKey`. `now` is ms since 1970. It reads and writes nothing (STORE-170).
 */
export function planAppend<Item extends PlannedItem>(
  batch: readonly Item[],
  heads: ReadonlyMap<StreamId, number>,
  kept: ReadonlyMap<string, KeptResult>,
  now: number,
): AppendPlan<Item> {
  const moved = new Map<StreamId, number>();
  const results = new Map<string, KeptResult>();
  const uncommitted = new Set<StreamId>();
  const written: Item[] = [];

  function isStale({ stream, expected }: PlannedWrite): boolean {
    return uncommitted.has(stream) || (moved.get(stream) ?? heads.get(stream) ?? 0) !== expected; // STORE-01 STORE-02 STORE-05 STORE-06
  }

  function decide({ writes, once }: PlannedItem): PlannedResult {
    if (once !== undefined) {
      const key = onceKey(once);
      const known = results.get(key) ?? kept.get(key);
      if (known !== undefined && known.expires > now)
        return { type: 'repeated', digest: known.digest, result: known.result }; // STORE-07 STORE-08
    }
    const stale = writes.filter(isStale);
    if (stale.length === 0) return COMMITTED; // STORE-54
    return { type: 'conflict', stale: stale.filter(({ stream }) => !uncommitted.has(stream)) }; // STORE-04
  }

  function take(item: Item): void {
    written.push(item);
    for (const { stream, expected, entries } of item.writes)
      if (entries.length > 0) moved.set(stream, expected + entries.length); // STORE-01 STORE-58
    if (item.once !== undefined) results.set(onceKey(item.once), item.once);
  }

  const planned = batch.map((item) => {
    const result = decide(item);
    if (result.type === 'committed') take(item);
    else for (const { stream } of item.writes) uncommitted.add(stream); // STORE-03 STORE-06
    return result;
  });
  return { results: planned, written, heads: moved };
}

/** The stale writes of a plan, those of one stream in one item only: the entries after their positions are to be read. */
export function staleWritesOf({ results }: AppendPlan<unknown>): PlannedWrite[] {
  return results.flatMap((result) => (result.type === 'conflict' ? result.stale : []));
}

/**
 * The answers to a batch. `newer` has, by stream, at most NEWER_LIMIT entries after each stale write. They are read when the
 * plan is written, for they include what earlier items wrote; later ones write nothing to these streams (STORE-171).
 */
export function answersOf(
  { results }: AppendPlan<unknown>,
  newer: ReadonlyMap<StreamId, readonly Entry[]>,
): readonly AppendResult[] {
  return results.map((result) => {
    if (result.type !== 'conflict') return result;
    return { type: 'conflict', newer: result.stale.flatMap(({ stream }) => newer.get(stream) ?? []) }; // STORE-04 STORE-171
  });
}
