import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../testing/clock.ts';
import { itemOf, ofPerson } from '../../../testing/storage/samples.ts';
import { openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { ReadPosition } from '../model/entries.ts';
import { type PersonId, personStream, type RoomId } from '../model/ids.ts';

/** Memory storage whose reads of the furthest positions wait for the test, or fail. */
class HeldStorage extends MemoryStorage {
  readonly #waiting: (() => void)[] = [];
  holds = false;
  fails = false;
  reads = 0;

  override async furthestReads(room: RoomId): Promise<readonly ReadPosition[]> {
    this.reads++;
    if (this.fails) throw new Error('the test says so');
    const found = await super.furthestReads(room);
    if (this.holds) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return found;
  }

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A group of three people with nine messages. */
async function opened() {
  const storage = new HeldStorage(new FakeClock());
  const app = await TestWorld.open({ storage });
  const people: PersonId[] = [];
  for (const name of ['alice', 'bob', 'eve']) people.push(await app.member(name));
  const [alice = 0, bob = 0, eve = 0] = people;
  const room = await app.group(alice, 'garden');
  for (const person of [bob, eve]) await app.must<RoomId>((world, done) => world.rooms.join(person, room, done));
  for (let count = 1; count <= 9; count++) await app.post(alice, `${count}`, room);
  const read = (person: PersonId, number: number) =>
    app.must<number>((world, done) => world.rooms.read(person, room, number, done));
  const others = () => people.map((person) => app.world.readPositions.ofOthers(room, person));
  return { storage, app, readPositions: app.world.readPositions, room, alice, bob, eve, read, others };
}

test('WORLD-164 in a held room everybody is told at once how far the furthest of the others has read', async () => {
  const { app, readPositions, room, alice, bob, eve, read, others } = await opened();
  await read(bob, 2);
  assert.deepEqual(others(), [0, 0, 0], 'not held');
  await readPositions.hold(room);
  assert.deepEqual(others(), [2, 0, 2]);
  await read(eve, 5);
  assert.deepEqual(others(), [5, 5, 2]);
  await read(bob, 9);
  await read(alice, 7);
  assert.deepEqual(others(), [9, 7, 9]);
  app.observer.recorded = () => assert.deepEqual(others(), [9, 9, 9], 'known before the record event is told');
  await read(eve, 9);
  await readPositions.hold(room);
  readPositions.release(room);
  assert.deepEqual(others(), [9, 9, 9], 'held once more');
  readPositions.release(room);
  readPositions.release(room);
  assert.deepEqual(others(), [0, 0, 0]);
});

test('WORLD-164 a position that is committed while those of storage are read is not lost, nor does it hide them', async () => {
  const { app, storage, readPositions, room, bob, eve, read, others } = await opened();
  await read(bob, 3);
  storage.holds = true;
  const held = Promise.all([readPositions.hold(room), readPositions.hold(room)]);
  await app.settle();
  await read(eve, 2);
  await read(bob, 4);
  storage.release();
  await held;
  assert.equal(storage.reads, 1);
  assert.deepEqual(others(), [4, 2, 4]);
});

test('WORLD-164 a room whose positions cannot be read is not held; later it can be', async () => {
  const { storage, readPositions, room, bob, read, others } = await opened();
  storage.fails = true;
  const results = await Promise.allSettled([readPositions.hold(room), readPositions.hold(room)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await read(bob, 3);
  assert.deepEqual(others(), [0, 0, 0]);
  storage.fails = false;
  await readPositions.hold(room);
  assert.deepEqual(others(), [3, 0, 3]);
  readPositions.release(room);
  assert.deepEqual(others(), [0, 0, 0]);
});

test('WORLD-164 what a person read on another node is known once the person is read there', async () => {
  const { first, second, clock } = await openTwoWorlds();
  const alice = await first.member('alice');
  const room = await first.group(alice, 'garden');
  for (const text of ['1', '2', '3']) await first.post(alice, text, room);
  await second.world.readPositions.hold(room);
  await first.must<number>((world, done) => world.rooms.read(alice, room, 2, done));
  await settle(clock);
  assert.equal(second.world.readPositions.ofOthers(room, 0), 0);
  await second.login('alice');
  assert.equal(second.world.readPositions.ofOthers(room, 0), 2);
  await first.must<number>((world, done) => world.rooms.read(alice, room, 3, done));
  clock.advance(2_000);
  await settle(clock);
  assert.equal(second.world.readPositions.ofOthers(room, 0), 3);
});

test('WORLD-164 for any read positions the answer is that of all of them, loaded or committed', async () => {
  const position = fc.record({ person: fc.integer({ min: 1, max: 4 }), number: fc.integer({ min: 1, max: 6 }) });
  const app = await TestWorld.open();
  let room = 1_000;
  const heads = new Map<PersonId, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(position, { maxLength: 12 }), fc.nat({ max: 12 }), async (moves, loaded) => {
      const known = new Map<PersonId, number>();
      const { readPositions } = app.world;
      room++;
      for (const [index, { person, number }] of moves.entries()) {
        if (index === loaded) await readPositions.hold(room);
        const before = known.get(person) ?? 0;
        known.set(person, Math.max(before, number));
        const at = (heads.get(person) ?? 0) + 1;
        heads.set(person, at);
        const body = { type: 'room-read', person, room, number: Math.max(before, number), at: 1 } as const;
        const [result] = await app.storage.append([itemOf([ofPerson(person, at, body)])]);
        assert.equal(result?.type, 'committed', personStream(person));
        readPositions.moved({ person, room, number: body.number });
      }
      if (moves.length <= loaded) await readPositions.hold(room);
      for (const person of [1, 2, 3, 4, 5]) {
        const others = [...known].filter(([other]) => other !== person).map(([, number]) => number);
        assert.equal(readPositions.ofOthers(room, person), Math.max(0, ...others));
      }
    }),
  );
});
