import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { countingIds } from '../../../testing/ids.ts';
import { seededRandom } from '../../../testing/random.ts';
import { HeldStorage } from '../../../testing/storage/held.ts';
import { inRoom } from '../../../testing/storage/samples.ts';
import { settle, TestWorld } from '../../../testing/world.ts';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import type { Entry, EntryBody } from '../model/entries.ts';
import { type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import { write } from './decide.ts';

/** An entry that is told from others by its number. */
const bodyOf = (room: RoomId, at: number): EntryBody => ({ type: 'person-unmuted', room, skeleton: 'x', at });

/** Room 1 or another one, as this test sees it. */
const one = roomStream(1);

/**
 * A node with rooms in memory, over storage that the test holds and a bus on which the test is the other node. `log` has what was
 * shown (`1:3` is position 3 of room 1) and what was answered, in order.
 */
async function openNode(rooms: readonly RoomId[] = [1, 2]) {
  const clock = new FakeClock();
  const storage = new HeldStorage(clock);
  const bus = new MemoryBus();
  const other = bus.join();
  const log: string[] = [];
  const committed: string[] = [];
  const engine = openEngine(
    { storage, clock, bus: bus.join() },
    {
      committed: ({ stream, position }) => committed.push(`${stream.slice(5)}:${position}`),
      publish: () => log.push(...committed.splice(0)),
    },
  );
  const { cache, processor } = engine;
  for (const room of rooms) {
    cache.pin(roomStream(room));
    await cache.load([roomStream(room)]);
  }
  let decisions = 0;
  /** Writes one entry to a room. */
  const ask = (room: RoomId, ...read: readonly RoomId[]) =>
    processor.submit<number>({
      streams: [room, ...read].map(roomStream),
      decide: (states) => {
        decisions += 1;
        const stream = roomStream(room);
        return write(stream, bodyOf(room, 0), states.position(stream) + 1);
      },
      done: (result) => log.push(`answer ${room}:${result.ok ? result.value : result.error.type}`),
    });
  /** The other node commits so many entries; they are told by `tell` alone. */
  const elsewhere = async (room: RoomId, count = 1): Promise<Entry[]> => {
    const [head = 0] = await storage.positions([roomStream(room)]);
    const entries = Array.from({ length: count }, (_, index) =>
      inRoom(room, head + 1 + index, bodyOf(room, head + 1 + index)),
    );
    await storage.appendElsewhere(entries);
    return entries;
  };
  const tell = (entries: readonly Entry[]) => {
    const [first] = entries;
    if (first === undefined) return;
    const bodies = entries.map(({ body }) => body);
    other.publish(first.stream, { type: 'entries', node: 'other', position: first.position, bodies });
  };
  const tellPosition = (room: RoomId, position: number) =>
    other.publish(roomStream(room), { type: 'position', node: 'other', position });
  return {
    engine,
    storage,
    log,
    ask,
    elsewhere,
    tell,
    tellPosition,
    decided: () => decisions,
    settle: () => settle(clock),
    positions: (stream: StreamId = one) => [cache.committed.position(stream), cache.optimistic.position(stream)],
  };
}

test('WORLD-273 WORLD-21 40 rooms that are behind do not hold one’s own message, however long their reads take', async () => {
  const clock = new FakeClock();
  const storage = new HeldStorage(clock);
  storage.changes = () => Promise.resolve(null);
  const names = new MemoryNames(clock);
  const [app, other] = await Promise.all(
    [1, 2].map((origin) => TestWorld.open({ storage, clock, names, ids: countingIds(origin) })),
  );
  assert.ok(app !== undefined && other !== undefined);
  const [alice, bob] = [await app.enter('alice'), await other.member('bob')];
  clock.advance(1_000);
  await app.settle();
  const rooms: RoomId[] = [];
  for (let index = 0; index < 40; index++) {
    const room = await other.group(bob, `room-${index}`);
    rooms.push(room);
    app.world.pinRoom(room);
  }
  await app.world.useRooms(rooms, () => {});
  clock.advance(1_000);
  await app.settle();
  for (const room of rooms) assert.equal((await other.post(bob, 'hello', room)).ok, true);
  storage.calls.length = 0;
  storage.held.add('entries');
  clock.advance(1_000);
  await app.settle();
  assert.equal(storage.waiting.length, 40, 'all are read at a time');
  assert.equal((await app.post(alice, 'at once')).ok, true);
  assert.equal(storage.waiting.length, 40);
  for (let index = 0; index < 40; index++) storage.release('entries');
  await app.settle();
  assert.equal(app.observer.ofType('message-posted').filter(({ message }) => message.text === 'hello').length, 40);
  assert.equal(storage.count('entries'), 40);
});

test('WORLD-271 WORLD-272 entries that are the next of their stream are shown when they arrive, also while a batch of other streams is under way', async () => {
  const { storage, log, ask, elsewhere, tell, settle, positions, decided } = await openNode();
  storage.held.add('append');
  ask(2);
  await settle();
  const told = await elsewhere(1, 2);
  tell(told);
  assert.deepEqual(log, ['1:1', '1:2'], 'within the same turn');
  assert.deepEqual(positions(), [2, 2]);
  storage.release('append');
  await settle();
  assert.deepEqual(log, ['1:1', '1:2', 'answer 2:1', '2:1']);
  assert.deepEqual([storage.count('entries'), decided()], [0, 1]);
});

test('WORLD-271 WORLD-07 commands that wait and rest on the stream are decided again in their places, and no others', async () => {
  const { storage, log, ask, elsewhere, tell, settle, decided, engine } = await openNode([1, 2, 3, 4]);
  storage.held.add('append');
  ask(4);
  await settle();
  for (const [room, ...read] of [[2], [1], [2, 1], [3], [3, 2], [1]] as const) ask(room, ...read);
  assert.equal(decided(), 7);
  tell(await elsewhere(1));
  assert.equal(decided(), 7 + 4, 'the first of room 2 and the first of room 3 rest on nothing that changed');
  assert.deepEqual(
    [1, 2, 3].map((room) => engine.cache.optimistic.position(roomStream(room))),
    [3, 2, 2],
  );
  storage.held.clear();
  storage.release('append');
  await settle();
  assert.deepEqual(
    log.filter((line) => line.startsWith('answer')),
    ['answer 4:1', 'answer 2:1', 'answer 1:2', 'answer 2:2', 'answer 3:1', 'answer 3:2', 'answer 1:3'],
  );
});

test('WORLD-271 a command that is refused when it is decided again may ask for more at once', async () => {
  const { storage, log, ask, elsewhere, tell, settle, engine } = await openNode();
  storage.held.add('append');
  ask(2);
  await settle();
  const onlyFirst = (done: () => void) =>
    engine.processor.submit<null>({
      streams: [one],
      decide: (states) =>
        states.position(one) === 0 ? write(one, bodyOf(1, 0), null) : { ok: false, error: { type: 'conflict' } },
      done,
    });
  onlyFirst(() => ask(2, 1));
  ask(2);
  tell(await elsewhere(1));
  storage.held.clear();
  storage.release('append');
  await settle();
  const answers = log.filter((line) => line.startsWith('answer'));
  assert.deepEqual(answers, ['answer 2:1', 'answer 2:2', 'answer 2:3']);
});

test('WORLD-272 WORLD-13 what another node wrote after one’s own entry, and tells before storage has answered, is shown after the answer', async () => {
  for (const tellsPosition of [false, true]) {
    const { storage, log, ask, elsewhere, tell, tellPosition, settle, positions } = await openNode();
    const append = storage.append.bind(storage);
    const answer = Promise.withResolvers<void>();
    storage.append = async (batch) => {
      const results = await append(batch);
      await answer.promise;
      return results;
    };
    ask(1);
    await settle();
    const told = await elsewhere(1);
    assert.equal(told[0]?.position, 2, 'the own entry is on disk');
    if (tellsPosition) tellPosition(1, 2);
    else tell(told);
    await settle();
    assert.deepEqual([log, positions(), storage.count('entries')], [[], [0, 1], 0]);
    answer.resolve();
    await settle();
    assert.deepEqual(
      [log, positions()],
      [
        ['answer 1:1', '1:1', '1:2'],
        [2, 2],
      ],
    );
    assert.equal(storage.count('entries'), tellsPosition ? 1 : 0);
  }
});

test('WORLD-272 WORLD-07 when another node wrote first, its entry and what it tells of it are shown once', async () => {
  const { storage, log, ask, elsewhere, tell, settle, positions } = await openNode();
  storage.held.add('append');
  ask(1);
  await settle();
  tell(await elsewhere(1, 2));
  await settle();
  assert.deepEqual(log, []);
  storage.held.clear();
  storage.release('append');
  await settle();
  assert.deepEqual(
    [log, positions()],
    [
      ['1:1', '1:2', 'answer 1:3', '1:3'],
      [3, 3],
    ],
  );
});

test('WORLD-272 a stream that a batch under way only reads is not changed by others before that batch is answered', async () => {
  const { storage, log, ask, elsewhere, tell, settle } = await openNode();
  storage.held.add('append');
  ask(2, 1);
  await settle();
  tell(await elsewhere(1));
  assert.deepEqual(log, []);
  storage.release('append');
  await settle();
  assert.deepEqual(log, ['answer 2:1', '2:1', '1:1']);
});

test('WORLD-272 what was read while a batch of the stream began waits for that batch', async () => {
  const { storage, log, ask, elsewhere, tellPosition, settle } = await openNode();
  await elsewhere(1);
  storage.held.add('entries').add('append');
  tellPosition(1, 1);
  ask(1);
  await settle();
  storage.release('entries');
  await settle();
  assert.deepEqual(log, []);
  storage.held.clear();
  storage.release('append');
  await settle();
  assert.deepEqual(log, ['1:1', 'answer 1:2', '1:2']);
});

test('WORLD-271 WORLD-273 messages that are repeated, late or in another order show each entry once, in order, 200 seeds', async () => {
  let reads = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const { storage, log, elsewhere, ask, tell, settle, positions } = await openNode();
    const told: Entry[][] = [];
    for (let round = 0; round < 8; round++) {
      if (random.next() < 0.3) ask(1);
      else told.push(await elsewhere(1, 1 + random.below(3)));
      if (random.next() < 0.5) await settle();
    }
    await settle();
    const sent = told.flatMap((entries) => Array.from({ length: random.pick([1, 1, 2]) }, () => entries));
    for (const entries of random.shuffle(sent)) {
      tell(random.next() < 0.3 ? entries.slice(1) : entries);
      if (random.next() < 0.2) await settle();
    }
    for (const entries of told) tell(entries);
    await settle();
    const [head = 0] = await storage.positions([one]);
    assert.deepEqual(positions(), [head, head], `seed ${seed}`);
    const all = Array.from({ length: head }, (_, index) => `1:${index + 1}`);
    assert.deepEqual(
      log.filter((line) => !line.startsWith('answer')),
      all,
      `seed ${seed}`,
    );
    reads += storage.count('entries');
  }
  assert.ok(reads > 50, `${reads} reads`);
});

test('WORLD-270 what is told of a stream while it is read from storage is shown when that is done', async () => {
  const { engine, storage, log, elsewhere, tell, tellPosition, settle, positions } = await openNode([]);
  const { cache } = engine;
  storage.held.add('load');
  cache.pin(one);
  const loading = cache.load([one]);
  tell(await elsewhere(1, 2));
  await settle();
  assert.deepEqual(log, []);
  storage.release('load');
  await loading;
  assert.deepEqual(
    [log, positions()],
    [
      ['1:1', '1:2'],
      [2, 2],
    ],
  );
  assert.equal(storage.count('entries'), 0);
  cache.unpin(one);
  cache.pin(one);
  const again = cache.load([one]);
  await elsewhere(1);
  tellPosition(1, 3);
  storage.release('load');
  await again;
  await settle();
  assert.deepEqual(log.slice(2), ['1:3']);
  assert.deepEqual(positions(), [3, 3]);
});

test('WORLD-270 a stream that left memory while it was read is read anew: nobody listened for a while', async () => {
  const { engine, storage, elsewhere, tell, settle, positions } = await openNode([]);
  const { cache } = engine;
  storage.held.add('load');
  cache.pin(one);
  const first = cache.load([one]);
  await settle();
  cache.unpin(one);
  tell(await elsewhere(1));
  cache.pin(one);
  const second = cache.load([one]);
  storage.release('load');
  await first;
  assert.equal(cache.has([one]), false);
  storage.release('load');
  await second;
  assert.deepEqual(positions(), [1, 1]);
});

test('WORLD-273 a stream is read by one read at a time until nothing is missing, and not more than 64 streams are', async () => {
  const rooms = Array.from({ length: 70 }, (_, index) => index + 1);
  const { storage, elsewhere, tellPosition, settle, positions } = await openNode(rooms);
  for (const room of rooms) await elsewhere(room, room === 1 ? 1_500 : 1);
  storage.held.add('entries');
  for (const room of rooms) for (const position of [1, 1]) tellPosition(room, position);
  tellPosition(1, 1_500);
  await settle();
  assert.equal(storage.waiting.length, 64);
  storage.release('entries');
  await settle();
  assert.deepEqual([positions()[0], storage.waiting.length], [1_000, 64], 'the next read of it waits or has begun');
  storage.held.clear();
  while (storage.waiting.length > 0) storage.release('entries');
  await settle();
  for (const room of rooms) assert.equal(positions(roomStream(room))[0], room === 1 ? 1_500 : 1);
  assert.equal(storage.count('entries'), 71);
});

test('WORLD-273 entries between which others are missing wait for these', async () => {
  const { storage, log, elsewhere, tell, settle } = await openNode();
  const entries = await elsewhere(1, 6);
  storage.held.add('entries');
  tell(entries.slice(4));
  tell(entries.slice(1, 2));
  await settle();
  assert.deepEqual([log, storage.count('entries')], [[], 1]);
  tell(entries.slice(0, 1));
  assert.deepEqual(log, ['1:1', '1:2']);
  storage.release('entries');
  await settle();
  assert.deepEqual(log, ['1:1', '1:2', '1:3', '1:4', '1:5', '1:6']);
  assert.equal(storage.count('entries'), 1);
});

test('WORLD-273 what is told while a read finds nothing is not forgotten with it', async () => {
  const { storage, log, elsewhere, tellPosition, settle } = await openNode();
  const { entries } = storage;
  const found = Promise.withResolvers<void>();
  storage.entries = async (...asked) => {
    const before = await entries.apply(storage, asked);
    await found.promise;
    return before;
  };
  tellPosition(1, 1);
  await settle();
  await elsewhere(1, 2);
  tellPosition(1, 2);
  found.resolve();
  await settle();
  assert.deepEqual(log, ['1:1', '1:2']);
});

test('WORLD-273 a position that storage does not have is forgotten', async () => {
  const { storage, log, ask, tellPosition, settle, engine } = await openNode();
  tellPosition(1, 9e15);
  let isReached: boolean | null = null;
  engine.remote.whenReached(one, 9e15, (reached) => {
    isReached = reached;
  });
  await settle();
  assert.equal(isReached, false);
  ask(1);
  await settle();
  await engine.poll.pollPositions();
  assert.deepEqual([log, storage.count('entries')], [['answer 1:1', '1:1'], 1]);
});
