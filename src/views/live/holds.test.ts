import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestViews } from '../../../testing/views.ts';
import { roomStream } from '../../core/model/ids.ts';
import { Holds, KEEP_MS } from './holds.ts';

const MINUTE = 60_000;

test('VIEW-42 what was used stays for 30 minutes, and what is in use stays', () => {
  const clock = new FakeClock();
  const released: string[] = [];
  const inUse = new Set(['watched']);
  const holds = new Holds<string>(
    clock,
    () => inUse,
    (key) => released.push(key),
  );
  for (const key of ['a', 'b', 'watched']) holds.use(key);
  clock.advance(20 * MINUTE);
  holds.use('b');
  clock.advance(KEEP_MS - 20 * MINUTE + MINUTE);
  assert.deepEqual(released, ['a']);
  clock.advance(KEEP_MS);
  assert.deepEqual(released, ['a', 'b']);
  assert.deepEqual([holds.has('a'), holds.has('watched'), clock.timers], [false, true, 1]);
  inUse.clear();
  clock.advance(KEEP_MS + MINUTE);
  assert.deepEqual([released, clock.timers], [['a', 'b', 'watched'], 0]);
  holds.use('c');
  holds.close();
  assert.deepEqual([released.at(-1), clock.timers], ['c', 0]);
});

test('VIEW-42 rooms that views use stay in memory, and leave it 30 minutes later; their lists begin again', async () => {
  const test = await TestViews.open();
  const alice = await test.app.member('alice');
  const id = await test.app.group(alice, 'team');
  test.app.world.unpinRoom(id);
  const isLoaded = () => test.app.world.reader.room(id) !== undefined;
  assert.equal(isLoaded(), false);
  const key = { type: 'members', id } as const;
  const first = await test.must(test.page(alice, key));
  assert.equal(isLoaded(), true);
  const unwatch = test.views.watch(0, key, () => {});
  test.app.clock.advance(2 * KEEP_MS);
  assert.equal((await test.must(test.page(alice, key, { version: first.version }))).type, 'same');
  unwatch();
  test.app.clock.advance(KEEP_MS + MINUTE);
  assert.equal(isLoaded(), false);
  assert.equal((await test.must(test.page(alice, key, { version: first.version }))).type, 'whole');
  test.views.close();
  assert.equal(isLoaded(), false);
});

test('VIEW-43 a room that the viewer may not see does not stay in memory', async () => {
  const test = await TestViews.open();
  const [alice, bob] = [await test.app.member('alice'), await test.app.member('bob')];
  const id = await test.app.group(alice, 'secret', true);
  test.app.world.unpinRoom(id);
  for (const room of [id, 77_777]) {
    const asked = [
      test.outcome(test.content(bob, { type: 'room', id: room })),
      test.outcome(test.page(bob, { type: 'room', id: room })),
    ];
    assert.deepEqual(await Promise.all(asked), ['not-found', 'not-found']);
    assert.equal(test.app.world.position(room), 0, roomStream(room));
  }
  const both = [
    test.outcome(test.content(bob, { type: 'room', id })),
    test.outcome(test.content(alice, { type: 'room', id })),
  ];
  assert.deepEqual(await Promise.all(both), ['not-found', 'whole'], 'who may see it does');
});
