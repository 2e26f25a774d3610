import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { onceAt, posted, itemOf, resultTypes } from '../../testing/storage/samples.ts';
import type { Entry, EntryBody } from '../core/model/entries.ts';
import { roomStream, type StreamId } from '../core/model/ids.ts';
import type { AppendItem, AppendResult, Once } from '../core/ports.ts';
import { appendBatch, type StreamStore } from './append.ts';
import { answersOf, NEWER_LIMIT, onceKey, onceKeysOf, planAppend, staleWritesOf, streamsOf } from './append-plan.ts';

const NOW = 1_000;
const [FIRST, SECOND, THIRD] = [roomStream(1), roomStream(2), roomStream(3)];
const once = onceAt({ now: () => NOW }, 10);

/** Writes nothing but checks positions. */
function check(...positions: readonly (readonly [StreamId, number])[]): AppendItem {
  return { writes: positions.map(([stream, expected]) => ({ stream, expected, entries: [] })), rows: [] };
}

test('STORE-170 what is read for a plan: each stream and each key once', () => {
  const other = { ...once, key: 'other' };
  const batch = [
    itemOf([posted(1, 1), posted(2, 5)], once),
    itemOf([posted(1, 2)], once),
    itemOf([posted(3, 1)], other),
  ];
  assert.deepEqual([...streamsOf(batch)], [FIRST, SECOND, THIRD]);
  assert.deepEqual(
    [...onceKeysOf(batch)],
    [
      [onceKey(once), once],
      [onceKey(other), other],
    ],
  );
  assert.notEqual(onceKey({ scope: 'a', key: 'bc' }), onceKey({ scope: 'ab', key: 'c' }));
});

test('STORE-170 a plan names the items to write and the positions they lead to, and changes nothing it was given', () => {
  const heads = new Map([[SECOND, 4]]);
  const batch = [
    itemOf([posted(1, 1), posted(1, 2)], once),
    itemOf([posted(2, 5), posted(1, 3)]),
    itemOf([posted(2, 5, 'late')]),
    check([THIRD, 0]),
    { writes: [], rows: [] },
  ];
  const plan = planAppend(batch, heads, new Map(), NOW);
  assert.deepEqual(resultTypes(answersOf(plan, new Map())), [
    'committed',
    'committed',
    'conflict',
    'committed',
    'committed',
  ]);
  assert.deepEqual(plan.written, [batch[0], batch[1], batch[3], batch[4]]);
  assert.deepEqual(
    plan.heads,
    new Map([
      [FIRST, 3],
      [SECOND, 5],
    ]),
  );
  assert.deepEqual([...heads], [[SECOND, 4]]);
});

test('STORE-170 kept results are looked up in what was kept and in the batch, until they expire', () => {
  const kept = (expires: number) => new Map([[onceKey(once), { digest: 'first', result: 'kept', expires }]]);
  const batch = [itemOf([posted(1, 1)], once), itemOf([posted(2, 1)], { ...once, digest: 'again' })];
  const first = { type: 'repeated', digest: 'first', result: 'kept' };
  const repeated = planAppend(batch, new Map(), kept(NOW + 1), NOW);
  assert.deepEqual(repeated.results, [first, first]);
  assert.deepEqual([repeated.written, repeated.heads.size], [[], 0]);
  const fresh = planAppend(batch, new Map(), kept(NOW), NOW);
  assert.deepEqual(fresh.results, [{ type: 'committed' }, { type: 'repeated', digest: 'digest', result: 'result' }]);
});

test('STORE-171 the stale writes of a plan name each stream once, and their newer entries go to their items', () => {
  const heads = new Map([
    [FIRST, 3],
    [SECOND, 2],
  ]);
  const batch = [
    itemOf([posted(1, 4)]),
    itemOf([posted(1, 2, 'late'), posted(2, 1, 'late')]),
    itemOf([posted(1, 5, 'on top of it')]),
    itemOf([posted(2, 3, 'on top of it'), posted(3, 9, 'ahead')]),
  ];
  const plan = planAppend(batch, heads, new Map(), NOW);
  assert.deepEqual(
    staleWritesOf(plan).map(({ stream, expected }) => [stream, expected]),
    [
      [FIRST, 1],
      [SECOND, 0],
      [THIRD, 8],
    ],
  );
  const newer = new Map([
    [FIRST, [posted(1, 2), posted(1, 3), posted(1, 4)]],
    [SECOND, [posted(2, 1), posted(2, 2)]],
  ]);
  assert.deepEqual(answersOf(plan, newer), [
    { type: 'committed' },
    { type: 'conflict', newer: [...(newer.get(FIRST) ?? []), ...(newer.get(SECOND) ?? [])] },
    { type: 'conflict', newer: [] },
    { type: 'conflict', newer: [] },
  ]);
});

/** Streams in lists, for the model and for what is compared with it. */
class ListStore implements StreamStore {
  readonly streams = new Map<StreamId, EntryBody[]>();
  readonly results = new Map<string, Once>();

  head(stream: StreamId): number {
    return this.streams.get(stream)?.length ?? 0;
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    const bodies = this.streams.get(stream)?.slice(after, after + limit) ?? [];
    return bodies.map((body, index) => ({ stream, position: after + 1 + index, body }));
  }

  once(scope: string, key: string): Once | null {
    return this.results.get(`${scope} ${key}`) ?? null;
  }

  write({ writes, once }: AppendItem): void {
    for (const { stream, entries } of writes)
      this.streams.set(stream, [...(this.streams.get(stream) ?? []), ...entries]);
    if (once !== undefined) this.results.set(`${once.scope} ${once.key}`, once);
  }
}

/** The model: item after item it reads, decides, writes and reads again what is newer. */
function appendOneByOne(batch: readonly AppendItem[], store: StreamStore, now: number): AppendResult[] {
  const uncommitted = new Set<StreamId>();
  const append = ({ once, ...item }: AppendItem): AppendResult => {
    const kept = once === undefined ? null : store.once(once.scope, once.key);
    if (kept !== null && kept.expires > now) return { type: 'repeated', digest: kept.digest, result: kept.result };
    const stale = item.writes.filter(
      ({ stream, expected }) => uncommitted.has(stream) || store.head(stream) !== expected,
    );
    if (stale.length > 0) {
      const unseen = stale.filter(({ stream }) => !uncommitted.has(stream));
      const newer = unseen.flatMap(({ stream, expected }) => store.entries(stream, expected, NEWER_LIMIT));
      return { type: 'conflict', newer };
    }
    store.write({ ...item, ...(once !== undefined && { once }) });
    return { type: 'committed' };
  };
  return batch.map((item) => {
    const result = append(item);
    if (result.type !== 'committed') for (const { stream } of item.writes) uncommitted.add(stream);
    return result;
  });
}

/** A random batch. What an item expects is mostly right: it counts on the items before it. */
const batches = fc.array(
  fc.array(
    fc.record({
      streams: fc.uniqueArray(fc.constantFrom(FIRST, SECOND, THIRD), { maxLength: 2 }),
      count: fc.integer({ min: 0, max: 3 }),
      wrongBy: fc.constantFrom(0, 0, 0, 0, -2, -1, 1),
      once: fc.option(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), expires: fc.integer({ min: 0, max: 8 }) })),
    }),
    { maxLength: 8 },
  ),
  { maxLength: 6 },
);

test('STORE-170 STORE-171 a plan answers and writes what handling item after item does', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(batches, (run) => {
      const [model, store] = [new ListStore(), new ListStore()];
      let texts = 0;
      for (const [index, sketches] of run.entries()) {
        const heads = new Map([FIRST, SECOND, THIRD].map((stream) => [stream, model.head(stream)]));
        const batch = sketches.map(({ streams, count, wrongBy, once }): AppendItem => {
          const writes = streams.map((stream) => {
            const head = heads.get(stream) ?? 0;
            heads.set(stream, head + count);
            const entries = Array.from({ length: count }, () => posted(1, 1, `${++texts}`).body);
            return { stream, expected: Math.max(0, head + wrongBy), entries };
          });
          if (once === null) return { writes, rows: [] };
          return { writes, rows: [], once: { scope: 's', digest: `${texts}`, result: `result ${texts}`, ...once } };
        });
        const now = index;
        const expected = appendOneByOne(batch, model, now);
        assert.deepEqual(appendBatch(batch, store, now).results, expected);
        assert.deepEqual(store, model);
        for (const result of expected) {
          const kind = result.type === 'conflict' && result.newer.length > 0 ? 'newer' : result.type;
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
      }
    }),
    { seed: 170, numRuns: 500 },
  );
  for (const kind of ['committed', 'repeated', 'conflict', 'newer'])
    assert.ok((seen.get(kind) ?? 0) > 100, `${kind}: ${seen.get(kind) ?? 0}`);
});
