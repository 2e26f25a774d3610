import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { HeldStorage } from '../../../testing/storage/held.ts';
import { inRoom } from '../../../testing/storage/samples.ts';
import { settle, TestWorld } from '../../../testing/world.ts';
import { type RoomId, roomStream } from '../model/ids.ts';

/** A node with these rooms in memory. */
async function openNode(rooms: readonly RoomId[]) {
  const clock = new FakeClock();
  const storage = new HeldStorage(clock);
  const { cache, poll, processor } = openEngine({ storage, clock });
  for (const room of rooms) cache.pin(roomStream(room));
  await cache.load(rooms.map(roomStream));
  const elsewhere = (room: RoomId, position: number) =>
    storage.appendElsewhere([inRoom(room, position, { type: 'person-unmuted', room, skeleton: 'x', at: 0 })]);
  return {
    storage,
    poll: () => poll.pollPositions(),
    runBatch: () => processor.writeRows([{ op: 'drop-all', table: 'session', person: 1 }]),
    elsewhere,
    load: (room: RoomId) => {
      cache.pin(roomStream(room));
      return cache.load([roomStream(room)]);
    },
    settle: () => settle(clock),
    position: (room: RoomId) => cache.committed.position(roomStream(room)),
  };
}

test('WORLD-21 WORLD-274 a world asks storage every second, and reads what changed of the streams in memory', async () => {
  const clock = new FakeClock();
  const storage = new HeldStorage(clock);
  const app = await TestWorld.open({ storage, clock });
  const { lobby } = app.world;
  storage.calls.length = 0;
  await storage.appendElsewhere([
    inRoom(lobby, app.world.position(lobby) + 1, { type: 'person-unmuted', room: lobby, skeleton: 'x', at: 0 }),
    inRoom(4711, 1, { type: 'person-unmuted', room: 4711, skeleton: 'x', at: 0 }),
  ]);
  const before = app.world.position(lobby);
  clock.advance(999);
  await app.settle();
  assert.deepEqual(storage.calls, []);
  clock.advance(1);
  await app.settle();
  assert.equal(app.world.position(lobby), before + 1);
  assert.deepEqual(storage.calls, ['changes', 'entries'], 'the other room is not in memory');
});

test('WORLD-21 where it is not known what changed, the positions of all streams in memory are asked', async () => {
  const { storage, poll, elsewhere, position } = await openNode([1, 2]);
  storage.changes = () => Promise.resolve(null);
  await elsewhere(1, 1);
  await elsewhere(3, 1);
  await poll();
  assert.deepEqual([position(1), position(2), storage.count('entries')], [1, 0, 1]);
});

test('WORLD-21 then the positions of streams that are being loaded are asked, too, since they may be read too early', async () => {
  const { storage, poll, elsewhere, settle, position, load } = await openNode([]);
  storage.changes = () => Promise.resolve(null);
  storage.held.add('load');
  const loading = load(1);
  await settle();
  await elsewhere(1, 1);
  const polled = poll();
  await settle();
  storage.held.clear();
  storage.release('load');
  await Promise.all([loading, polled]);
  assert.equal(position(1), 1);
});

test('WORLD-274 one poll runs at a time; who asks meanwhile gets the next one, and its answer when all is read', async () => {
  const { storage, poll, elsewhere, settle, position } = await openNode([1]);
  storage.held.add('changes');
  const done: string[] = [];
  const ask = (name: string) => poll().then(() => done.push(name));
  const polls = [ask('first')];
  await settle();
  polls.push(ask('second'), ask('third'));
  await settle();
  await elsewhere(1, 1);
  assert.deepEqual([storage.count('changes'), storage.waiting.length], [1, 1]);
  storage.release('changes');
  await settle();
  assert.deepEqual([done, storage.count('changes')], [['first'], 2], 'the first could not know of what came later');
  storage.held.clear();
  storage.held.add('entries');
  storage.release('changes');
  await settle();
  assert.deepEqual(done, ['first']);
  storage.release('entries');
  await Promise.all(polls);
  assert.deepEqual([position(1), storage.count('changes')], [1, 2]);
});

test('WORLD-274 a read that failed is tried again at the next poll, and not before', async () => {
  const { storage, poll, elsewhere, settle, position, runBatch } = await openNode([1]);
  await elsewhere(1, 1);
  storage.held.add('entries');
  const first = poll();
  await settle();
  storage.release('entries', true);
  await assert.rejects(first, /could not be read/);
  const batch = runBatch();
  await settle();
  assert.equal(await batch, true);
  assert.deepEqual([position(1), storage.count('entries')], [0, 1]);
  storage.held.clear();
  await poll();
  await settle();
  assert.deepEqual([position(1), storage.count('entries')], [1, 2]);
});

test('WORLD-274 when reads fail, those that wait for their turn are not tried before the next poll either', async () => {
  const rooms = Array.from({ length: 200 }, (_, index) => index + 1);
  const { storage, poll, elsewhere, settle, position } = await openNode(rooms);
  for (const room of rooms) await elsewhere(room, 1);
  storage.held.add('entries');
  const failed = assert.rejects(poll(), /could not be read/);
  await settle();
  while (storage.waiting.length > 0) storage.release('entries', true);
  await failed;
  assert.equal(storage.count('entries'), 64);
  storage.held.clear();
  await poll();
  await settle();
  assert.equal(storage.count('entries'), 64 + 200);
  for (const room of rooms) assert.equal(position(room), 1);
});

test('WORLD-274 a poll that failed is told, and the next one works', async () => {
  const { storage, poll, elsewhere, position } = await openNode([1]);
  const { changes } = storage;
  storage.changes = () => Promise.reject(new Error('the test says so'));
  await assert.rejects(poll(), /the test says so/);
  storage.changes = changes;
  await elsewhere(1, 1);
  await poll();
  assert.equal(position(1), 1);
});
