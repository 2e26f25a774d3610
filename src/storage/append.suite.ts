import assert from 'node:assert/strict';
import type { FakeClock } from '../../testing/clock.ts';
import { itemOf, message, onceAt, posted, types } from '../../testing/storage-samples.ts';
import { roomStream } from '../core/model/ids.ts';
import type { Storage } from '../core/ports.ts';
import { NEWER_LIMIT } from './append.ts';

const ROOM = 1;
const OTHER = 2 ** 53 - 1;
const THIRD = 3;

/** What every implementation of the port `Storage` must pass about appending: each `rule` is one test on a fresh store. */
export function appendSuite(
  rule: (title: string, body: (storage: Storage, clock: FakeClock) => Promise<void>) => void,
): void {
  rule('STORE-01 positions are counted without gaps, also within one batch', async (storage) => {
    const first = await storage.append([itemOf([posted(ROOM, 1), posted(ROOM, 2)]), itemOf([posted(ROOM, 3)])]);
    assert.deepEqual(types(first), ['committed', 'committed']);
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 4)])])), ['committed']);
    const entries = await storage.entries(roomStream(ROOM), 0, 10);
    assert.deepEqual(
      entries,
      [1, 2, 3, 4].map((number) => posted(ROOM, number)),
    );
  });

  rule('STORE-01 an item that expects another position is not written', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1)])]);
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1, 'late')])])), ['conflict']);
    assert.deepEqual(await storage.entries(roomStream(ROOM), 0, 10), [posted(ROOM, 1)]);
  });

  rule('STORE-02 an item for two streams is written to both or to neither', async (storage) => {
    await storage.append([itemOf([posted(OTHER, 1)])]);
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1), posted(OTHER, 1)])])), ['conflict']);
    assert.deepEqual(await storage.positions([roomStream(ROOM), roomStream(OTHER)]), [0, 1]);
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1), posted(OTHER, 2)])])), ['committed']);
    assert.deepEqual(await storage.positions([roomStream(ROOM), roomStream(OTHER)]), [1, 2]);
  });

  rule('STORE-03 a refused item leaves nothing behind and hinders no other stream', async (storage, clock) => {
    await storage.append([itemOf([posted(ROOM, 1)])]);
    const once = onceAt(clock, 1_000);
    const results = await storage.append([
      itemOf([posted(OTHER, 1)]),
      itemOf([posted(ROOM, 1, 'late')], once),
      itemOf([posted(OTHER, 2)]),
    ]);
    assert.deepEqual(types(results), ['committed', 'conflict', 'committed']);
    assert.equal((await storage.message(`${ROOM}-1`))?.text, 'message 1');
    assert.equal((await storage.page(OTHER, null, 10)).messages.length, 2);
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)], once)])), ['committed']);
  });

  rule('STORE-04 a conflict brings what its stale streams have gained, with what the batch wrote', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1), posted(ROOM, 2)])]);
    const results = await storage.append([
      itemOf([posted(ROOM, 3)]),
      itemOf([posted(ROOM, 2, 'late'), posted(OTHER, 1)]),
    ]);
    assert.deepEqual(results[1], { type: 'conflict', newer: [posted(ROOM, 2), posted(ROOM, 3)] });
  });

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

  rule('STORE-06 what follows a refused item on its stream is refused, even where positions match', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1)])]);
    const results = await storage.append([
      itemOf([posted(ROOM, 1, 'late'), posted(OTHER, 1)]),
      itemOf([posted(ROOM, 2, 'on top of what is not there')]),
      itemOf([posted(OTHER, 1, 'likewise')]),
    ]);
    assert.deepEqual(results, [
      { type: 'conflict', newer: [posted(ROOM, 1)] },
      { type: 'conflict', newer: [] },
      { type: 'conflict', newer: [] },
    ]);
    assert.deepEqual(await storage.positions([roomStream(ROOM), roomStream(OTHER)]), [1, 0]);
  });

  rule(
    'STORE-06 STORE-07 a repeated item leaves nothing, and what follows it on its streams is refused with nothing newer',
    async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      await storage.append([itemOf([posted(ROOM, 1)], once)]);
      const results = await storage.append([
        itemOf([posted(ROOM, 2, 'again'), posted(OTHER, 1, 'again')], { ...once, result: 'other result' }),
        itemOf([posted(ROOM, 3, 'on top of what is not there')]),
        itemOf([posted(OTHER, 1, 'where the position matches')], { ...once, key: 'its own' }),
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
      assert.deepEqual(types(await storage.append(later)), ['committed', 'committed']);
    },
  );

  rule('STORE-06 the same holds for a command that its own batch made known', async (storage, clock) => {
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

  rule('STORE-07 a command that is known is not done again; its first result comes back', async (storage, clock) => {
    const once = onceAt(clock, 1_000);
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 1)], once)])), ['committed']);
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
      assert.deepEqual(types(results), ['committed', 'repeated']);
    },
  );

  rule('STORE-07 scope and key are told apart, and each pair is its own', async (storage, clock) => {
    const once = onceAt(clock, 1_000);
    const keys = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['__proto__', 'toString'],
      ['["a"', '"b"]'],
      ['', ''],
    ] as const;
    const items = keys.map(([scope, key], index) => itemOf([posted(ROOM, index + 1)], { ...once, scope, key }));
    assert.deepEqual(new Set(types(await storage.append(items))), new Set(['committed']));
    assert.deepEqual(new Set(types(await storage.append(items))), new Set(['repeated']));
  });

  rule('STORE-08 a result is kept until it expires, and then the command is new', async (storage, clock) => {
    await storage.append([itemOf([posted(ROOM, 1)], onceAt(clock, 1_000))]);
    clock.jump(999);
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)], onceAt(clock, 1_000))])), ['repeated']);
    clock.jump(1);
    const fresh = { ...onceAt(clock, 1_000), result: 'second result' };
    assert.deepEqual(types(await storage.append([itemOf([posted(ROOM, 2)], fresh)])), ['committed']);
    const [last] = await storage.append([itemOf([posted(ROOM, 3)], fresh)]);
    assert.deepEqual(last, { type: 'repeated', digest: fresh.digest, result: 'second result' });
  });

  rule('STORE-09 batches are handled and answered in the order they were given', async (storage) => {
    const answered: number[] = [];
    const batches = Array.from({ length: 20 }, (_, index) =>
      storage.append([itemOf([posted(ROOM, index + 1)])]).then((results) => {
        assert.deepEqual(types(results), ['committed']);
        answered.push(index);
      }),
    );
    await Promise.all(batches);
    assert.deepEqual(answered, [...answered.keys()]);
    assert.deepEqual(await storage.append([]), []);
  });

  rule('STORE-01 STORE-09 a thousand items in one batch are committed in order', async (storage) => {
    const items = Array.from({ length: 1_000 }, (_, index) => itemOf([posted(ROOM, index + 1)]));
    assert.deepEqual(new Set(types(await storage.append(items))), new Set(['committed']));
    const { position, messages } = await storage.page(ROOM, null, 2_000);
    assert.equal(position, 1_000);
    assert.deepEqual(
      messages.map(({ number }) => number),
      Array.from({ length: 1_000 }, (_, index) => index + 1),
    );
  });
}
