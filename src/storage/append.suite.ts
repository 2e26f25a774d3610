import assert from 'node:assert/strict';
import type { FakeClock } from '../../testing/clock.ts';
import { itemOf, message, onceAt, posted, resultTypes } from '../../testing/storage/samples.ts';
import { roomStream } from '../core/model/ids.ts';
import type { Storage } from '../core/ports.ts';
import { NEWER_LIMIT } from './append-plan.ts';

const ROOM = 1;
const OTHER = 2 ** 53 - 1;
const THIRD = 3;

/** Tests of appending that every implementation of the port `Storage` must pass; each `rule` is one test on a fresh store. */
export function appendSuite(
  rule: (title: string, body: (storage: Storage, clock: FakeClock) => Promise<void>) => void,
): void {
  rule('STORE-01 positions are counted without gaps, also within one batch', async (storage) => {
    const first = await storage.append([itemOf([posted(ROOM, 1), posted(ROOM, 2)]), itemOf([posted(ROOM, 3)])]);
    assert.deepEqual(resultTypes(first), ['committed', 'committed']);
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 4)])])), ['committed']);
    const entries = await storage.entries(roomStream(ROOM), 0, 10);
    assert.deepEqual(
      entries,
      [1, 2, 3, 4].map((number) => posted(ROOM, number)),
    );
  });

  rule('STORE-01 an item that expects another position is not written', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1)])]);
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 1, 'late')])])), ['conflict']);
    assert.deepEqual(await storage.entries(roomStream(ROOM), 0, 10), [posted(ROOM, 1)]);
  });

  rule('STORE-02 an item for two streams is written to both or to neither', async (storage) => {
    await storage.append([itemOf([posted(OTHER, 1)])]);
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 1), posted(OTHER, 1)])])), ['conflict']);
    assert.deepEqual(await storage.positions([roomStream(ROOM), roomStream(OTHER)]), [0, 1]);
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 1), posted(OTHER, 2)])])), ['committed']);
    assert.deepEqual(await storage.positions([roomStream(ROOM), roomStream(OTHER)]), [1, 2]);
  });

  rule('STORE-03 a refused item writes nothing and does not affect other streams', async (storage, clock) => {
    await storage.append([itemOf([posted(ROOM, 1)])]);
    const once = onceAt(clock, 1_000);
    const results = await storage.append([
      itemOf([posted(OTHER, 1)]),
      itemOf([posted(ROOM, 1, 'late')], once),
      itemOf([posted(OTHER, 2)]),
    ]);
    assert.deepEqual(resultTypes(results), ['committed', 'conflict', 'committed']);
    assert.equal((await storage.message(`${ROOM}-1`))?.text, 'message 1');
    assert.equal((await storage.page(OTHER, null, 10)).messages.length, 2);
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 2)], once)])), ['committed']);
  });

  rule(
    'STORE-04 a conflict brings the newer entries of its stale streams, with those of the batch',
    async (storage) => {
      await storage.append([itemOf([posted(ROOM, 1), posted(ROOM, 2)])]);
      const results = await storage.append([
        itemOf([posted(ROOM, 3)]),
        itemOf([posted(ROOM, 2, 'late'), posted(OTHER, 1)]),
      ]);
      assert.deepEqual(results[1], { type: 'conflict', newer: [posted(ROOM, 2), posted(ROOM, 3)] });
    },
  );

  rule('STORE-04 a conflict on two streams brings the entries of both', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1)]), itemOf([posted(OTHER, 1)])]);
    const [result] = await storage.append([itemOf([posted(ROOM, 1, 'late'), posted(OTHER, 1, 'late')])]);
    assert.deepEqual(result, { type: 'conflict', newer: [posted(ROOM, 1), posted(OTHER, 1)] });
  });

  rule('STORE-04 a conflict brings no more than a thousand entries of a stream', async (storage) => {
    const entries = Array.from({ length: NEWER_LIMIT + 2 }, (_, index) => posted(ROOM, index + 1));
    await storage.append([itemOf(entries)]);
    const [result] = await storage.append([itemOf([posted(ROOM, 2, 'late')])]);
    assert.deepEqual(result, { type: 'conflict', newer: entries.slice(1, 1 + NEWER_LIMIT) });
  });

  rule('STORE-05 an expectation ahead of the stream is a conflict with nothing newer', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1)])]);
    assert.deepEqual(await storage.append([itemOf([posted(ROOM, 3)])]), [{ type: 'conflict', newer: [] }]);
  });

  rule('STORE-06 items after a refused one on its stream are refused, even if positions match', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1)])]);
    const results = await storage.append([
      itemOf([posted(ROOM, 1, 'late'), posted(OTHER, 1)]),
      itemOf([posted(ROOM, 2, 'decided on top of the refused item')]),
      itemOf([posted(OTHER, 1, 'also on top of it')]),
    ]);
    assert.deepEqual(results, [
      { type: 'conflict', newer: [posted(ROOM, 1)] },
      { type: 'conflict', newer: [] },
      { type: 'conflict', newer: [] },
    ]);
    assert.deepEqual(await storage.positions([roomStream(ROOM), roomStream(OTHER)]), [1, 0]);
  });

  rule(
    'STORE-06 STORE-07 a repeated item writes nothing, and later items on its streams conflict with nothing newer',
    async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      await storage.append([itemOf([posted(ROOM, 1)], once)]);
      const results = await storage.append([
        itemOf([posted(ROOM, 2, 'again'), posted(OTHER, 1, 'again')], { ...once, result: 'other result' }),
        itemOf([posted(ROOM, 3, 'decided on top of the refused item')]),
        itemOf([posted(OTHER, 1, 'at a position that matches')], { ...once, key: 'its own' }),
        itemOf([posted(THIRD, 1)]),
      ]);
      assert.deepEqual(results, [
        { type: 'repeated', digest: once.digest, result: once.result },
        { type: 'conflict', newer: [] },
        { type: 'conflict', newer: [] },
        { type: 'committed' },
      ]);
      assert.deepEqual(await storage.positions([ROOM, OTHER, THIRD].map(roomStream)), [1, 0, 1]);
      assert.deepEqual((await storage.page(ROOM, null, 10)).messages, [message(ROOM, 1, 1, 'message 1')]);
      assert.deepEqual((await storage.page(OTHER, null, 10)).messages, []);
      const later = [itemOf([posted(ROOM, 2)]), itemOf([posted(OTHER, 1)], { ...once, key: 'its own' })];
      assert.deepEqual(resultTypes(await storage.append(later)), ['committed', 'committed']);
    },
  );

  rule('STORE-06 the same holds when the first item is in the same batch', async (storage, clock) => {
    const once = onceAt(clock, 1_000);
    const results = await storage.append([
      itemOf([posted(ROOM, 1)], once),
      itemOf([posted(ROOM, 2, 'again')], once),
      itemOf([posted(ROOM, 3)]),
      itemOf([posted(ROOM, 2)]),
    ]);
    assert.deepEqual(results, [
      { type: 'committed' },
      { type: 'repeated', digest: once.digest, result: once.result },
      { type: 'conflict', newer: [] },
      { type: 'conflict', newer: [] },
    ]);
    assert.deepEqual(await storage.entries(roomStream(ROOM), 0, 10), [posted(ROOM, 1)]);
  });

  rule('STORE-07 a known command is not written again; its first result comes back', async (storage, clock) => {
    const once = onceAt(clock, 1_000);
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 1)], once)])), ['committed']);
    const again = { ...once, digest: 'other digest', result: 'other result' };
    assert.deepEqual(await storage.append([itemOf([posted(ROOM, 2)], again)]), [
      { type: 'repeated', digest: once.digest, result: once.result },
    ]);
    assert.deepEqual(await storage.positions([roomStream(ROOM)]), [1]);
    assert.equal(await storage.message(`${ROOM}-2`), null);
  });

  rule(
    'STORE-07 a command is known within its own batch, and before positions are compared',
    async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      const results = await storage.append([itemOf([posted(ROOM, 1)], once), itemOf([posted(ROOM, 1)], once)]);
      assert.deepEqual(resultTypes(results), ['committed', 'repeated']);
    },
  );

  rule('STORE-07 each pair of scope and key is a key of its own', async (storage, clock) => {
    const once = onceAt(clock, 1_000);
    const keys = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['__proto__', 'toString'],
      ['["a"', '"b"]'],
      ['', ''],
    ] as const;
    const items = keys.map(([scope, key], index) => itemOf([posted(ROOM, index + 1)], { ...once, scope, key }));
    assert.deepEqual(new Set(resultTypes(await storage.append(items))), new Set(['committed']));
    assert.deepEqual(new Set(resultTypes(await storage.append(items))), new Set(['repeated']));
  });

  rule('STORE-08 a result is kept until it expires, and then the command is new', async (storage, clock) => {
    await storage.append([itemOf([posted(ROOM, 1)], onceAt(clock, 1_000))]);
    clock.jump(999);
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 2)], onceAt(clock, 1_000))])), [
      'repeated',
    ]);
    clock.jump(1);
    const fresh = { ...onceAt(clock, 1_000), result: 'second result' };
    assert.deepEqual(resultTypes(await storage.append([itemOf([posted(ROOM, 2)], fresh)])), ['committed']);
    const [last] = await storage.append([itemOf([posted(ROOM, 3)], fresh)]);
    assert.deepEqual(last, { type: 'repeated', digest: fresh.digest, result: 'second result' });
  });

  rule('STORE-09 batches are handled and answered in the order they were given', async (storage) => {
    const answered: number[] = [];
    const batches = Array.from({ length: 20 }, (_, index) =>
      storage.append([itemOf([posted(ROOM, index + 1)])]).then((results) => {
        assert.deepEqual(resultTypes(results), ['committed']);
        answered.push(index);
      }),
    );
    await Promise.all(batches);
    assert.deepEqual(answered, [...answered.keys()]);
    assert.deepEqual(await storage.append([]), []);
  });

  rule('STORE-01 STORE-09 a thousand items in one batch are committed in order', async (storage) => {
    const items = Array.from({ length: 1_000 }, (_, index) => itemOf([posted(ROOM, index + 1)]));
    assert.deepEqual(new Set(resultTypes(await storage.append(items))), new Set(['committed']));
    const { position, messages } = await storage.page(ROOM, null, 2_000);
    assert.equal(position, 1_000);
    assert.deepEqual(
      messages.map(({ number }) => number),
      Array.from({ length: 1_000 }, (_, index) => index + 1),
    );
  });
}
