import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { HeldStorage } from '../../../testing/storage/held.ts';
import { inRoom, message, posted } from '../../../testing/storage/samples.ts';
import { settle } from '../../../testing/world.ts';
import { MemoryBus } from '../../bus/memory/bus.ts';
import type { BusMessage } from '../model/bus-message.ts';
import type { Entry, EntryBody } from '../model/entries.ts';
import { type RoomId, roomStream } from '../model/ids.ts';
import type { Bus, Subject } from '../ports.ts';
import { write } from './decide.ts';
import { StreamBus } from './stream-bus.ts';

const unheard = { hear: () => {}, observePosition: () => {}, typed: () => {} };
const body = (room: RoomId): EntryBody => ({ type: 'person-unmuted', room, skeleton: 'x', at: 0 });

/** A bus that notes what is published, and which subjects are subscribed to. */
function notingBus(maxBytes: number) {
  const told: { readonly subject: Subject; readonly message: BusMessage }[] = [];
  const subjects: Subject[] = [];
  const bus: Bus = {
    maxBytes,
    publish: (subject, message) => void told.push({ subject, message }),
    subscribe: (subject) => {
      subjects.push(subject);
      return () => void subjects.splice(subjects.indexOf(subject), 1);
    },
    onReconnect: () => () => {},
  };
  return { bus, told, subjects };
}

/** What was told, in short: `room/1 entries 3 x2` are two entries from position 3 on. */
function short(told: ReturnType<typeof notingBus>['told']): string[] {
  return told.map(({ subject, message }) => {
    if (message.type === 'entries') return `${subject} entries ${message.position} x${message.bodies.length}`;
    return `${subject} ${message.type} ${message.type === 'position' ? message.position : ''}`;
  });
}

test('WORLD-269 entries are told with their position, as many in a message as fit; of one that is too large the position', () => {
  const { bus, told } = notingBus(1_000_000);
  const streams = new StreamBus({ node: 'here', bus }, unheard);
  const texts = ['a', 'b', 'c'.repeat(20_000), 'd'.repeat(20_000), 'e'.repeat(40_000), 'é'.repeat(17_000), 'f'];
  const entries: Entry[] = texts.map((text, index) => posted(1, index + 1, text));
  streams.announce([...entries.slice(0, 2), inRoom(2, 7, body(2)), ...entries.slice(2), inRoom(1, 20, body(1))]);
  assert.deepEqual(short(told), [
    'room/1 entries 1 x3',
    'room/1 entries 4 x1',
    'room/1 position 5',
    'room/1 position 6',
    'room/1 entries 7 x1',
    'room/1 entries 20 x1',
    'room/2 entries 7 x1',
  ]);
  assert.deepEqual(
    told.flatMap(({ message }) => (message.type === 'entries' ? message.bodies : [])),
    [...[0, 1, 2, 3, 6].map((index) => entries[index]?.body), body(1), body(2)],
  );
  assert.ok(told.every(({ message }) => message.node === 'here' && JSON.stringify(message).length < 34_000));
});

test('WORLD-269 no message is larger than the bus takes', () => {
  const { bus, told } = notingBus(8_192);
  const streams = new StreamBus({ node: 'here', bus }, unheard);
  const longest = { ...message(1, 1, 1, 'x'), text: '' };
  for (let size = 6_500; size <= 8_200; size += 20)
    streams.announce([
      inRoom(1, 1, { type: 'message-posted', message: { ...longest, text: 'ü'.repeat(size / 2) }, at: 5 }),
    ]);
  const types = new Set(told.map(({ message: { type } }) => type));
  assert.deepEqual([...types], ['entries', 'position']);
  for (const one of told) assert.ok(Buffer.byteLength(JSON.stringify(one.message)) <= 8_192);
});

/** A node with rooms 1 and 2 in memory, that writes to both in one command. */
async function openNode(bus: Bus) {
  const clock = new FakeClock();
  const storage = new HeldStorage(clock);
  const engine = openEngine({ storage, clock, bus, node: 'here' });
  for (const room of [1, 2]) engine.cache.pin(roomStream(room));
  await engine.cache.load([roomStream(1), roomStream(2)]);
  const ask = () =>
    engine.processor.submit<null>({
      streams: [roomStream(1), roomStream(2)],
      decide: () => {
        const writes = [1, 2].map((room) => ({ stream: roomStream(room), entries: [body(room), body(room)] }));
        return { ok: true, value: { writes, value: null } };
      },
      done: () => {},
    });
  return { engine, storage, ask, settle: () => settle(clock) };
}

test('WORLD-269 a node tells what it committed itself, once, and nothing that it read or heard', async () => {
  const { bus, told } = notingBus(1_000_000);
  const { engine, storage, ask, settle } = await openNode(bus);
  ask();
  await settle();
  assert.deepEqual(short(told), ['room/1 entries 1 x2', 'room/2 entries 1 x2']);
  await storage.appendElsewhere([inRoom(1, 3, body(1)), inRoom(2, 3, body(2))]);
  engine.remote.hear(roomStream(1), 3, [body(1)]);
  await engine.poll.pollPositions();
  await storage.appendElsewhere([inRoom(1, 4, body(1))]);
  ask();
  await settle();
  assert.deepEqual(short(told).slice(2), ['room/1 entries 5 x2', 'room/2 entries 4 x2'], 'after a conflict');
  storage.held.add('append');
  ask();
  await settle();
  storage.release('append', true);
  await settle();
  assert.equal(told.length, 4, 'nothing of a batch that failed');
});

test('WORLD-270 a node listens to a stream from before it is read until it leaves memory', async () => {
  const { bus, subjects } = notingBus(1_000_000);
  const clock = new FakeClock();
  const storage = new HeldStorage(clock);
  const { cache, bus: streams } = openEngine({ storage, clock, bus });
  storage.held.add('load');
  cache.pin('directory');
  assert.deepEqual(subjects, [], 'not for a stream that nobody reads');
  const loading = cache.load(['directory']);
  assert.deepEqual(subjects, ['directory']);
  storage.held.clear();
  storage.release('load');
  await loading;
  await cache.use(['directory', 'room/1'], () => assert.deepEqual(subjects, ['directory', 'room/1']));
  assert.deepEqual(subjects, ['directory']);
  cache.unpin('directory');
  assert.deepEqual(subjects, []);
  cache.pin('room/1');
  await cache.load(['room/1']);
  streams.close();
  assert.deepEqual(subjects, []);
});

test('WORLD-269 WORLD-271 two nodes on one bus show each other what they commit, without a read', async () => {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const storage = new HeldStorage(clock);
  const shown: number[] = [];
  const [first, second] = [1, 2].map((node) =>
    openEngine(
      { storage, clock, bus: bus.join(), node: `${node}` },
      { committed: ({ position }) => void (node === 2 && shown.push(position)) },
    ),
  );
  assert.ok(first !== undefined && second !== undefined);
  for (const { cache } of [first, second]) {
    cache.pin('room/1');
    await cache.load(['room/1']);
  }
  for (let count = 0; count < 3; count++)
    first.processor.submit<null>({ streams: ['room/1'], decide: () => write('room/1', body(1), null), done: () => {} });
  await settle(clock);
  assert.deepEqual([shown, storage.count('entries')], [[1, 2, 3], 0]);
});

test('WORLD-275 a node that is the only one publishes nothing of streams and subscribes to none', async () => {
  const { bus, told, subjects } = notingBus(0);
  const { ask, settle, engine } = await openNode(bus);
  ask();
  await settle();
  assert.equal(engine.cache.committed.position(roomStream(1)), 2);
  engine.bus.announceTyping({ person: 1, room: 1, position: 2, isTyping: true });
  assert.deepEqual([told, subjects], [[], []]);
});
