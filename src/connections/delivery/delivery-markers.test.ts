import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { AppendItem, AppendResult } from '../../core/ports.ts';
import type { DeliveryMarkerRow } from '../../core/model/rows.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import { DeliveryMarkers } from './delivery-markers.ts';

const ALICE = 1;
const BOB = 2;
const CAROL = 3;
const GUEST = -1;
const [LOBBY, DEN] = [10, 11];

/** A place to keep what was shown, which the test can break. */
function open() {
  const clock = new FakeClock();
  const kept: DeliveryMarkerRow[] = [];
  /** How many rows came at once. */
  const appends: number[] = [];
  const waiting: (() => void)[] = [];
  let works = true;
  let slow = false;
  let reads = 0;
  const deliveryMarkers = new DeliveryMarkers(clock, () => ({
    people: { account: (person) => (person === GUEST ? undefined : {}) },
    async deliveryMarkers(person) {
      reads += 1;
      if (!works) throw new Error('the test says so');
      return kept.findLast((row) => row.person === person)?.rooms ?? [];
    },
    async saveDeliveryMarkers(rows) {
      appends.push(rows.length);
      if (slow) await new Promise<void>((resolve) => waiting.push(resolve));
      if (works) kept.push(...rows);
      return works;
    },
  }));
  const advance = async (ms: number) => {
    clock.advance(ms);
    await setImmediate();
  };
  return {
    deliveryMarkers,
    kept,
    appends,
    advance,
    reads: () => reads,
    work: (does: boolean) => void (works = does),
    /** From now on storage answers only when it is told to. */
    slow: () => void (slow = true),
    async answer() {
      waiting.shift()?.();
      await setImmediate();
    },
  };
}

test('CONN-46 what changed is saved every 5 s, once for all rooms of a person, and at the end', async () => {
  const { deliveryMarkers, kept, advance } = open();
  await deliveryMarkers.open(ALICE);
  deliveryMarkers.advance(ALICE, LOBBY, 3);
  deliveryMarkers.advance(ALICE, DEN, 1);
  deliveryMarkers.advance(ALICE, LOBBY, 4);
  await advance(4_999);
  assert.equal(kept.length, 0);
  await advance(1);
  assert.deepEqual(kept, [
    {
      person: ALICE,
      rooms: [
        [LOBBY, 4],
        [DEN, 1],
      ],
    },
  ]);
  await advance(60_000);
  assert.equal(kept.length, 1, 'nothing changed since');
  deliveryMarkers.advance(ALICE, LOBBY, 5);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.deepEqual(kept.at(-1)?.rooms[0], [LOBBY, 5]);
});

test('CONN-46 only the last of several connections ends it', async () => {
  const { deliveryMarkers, kept, advance, reads } = open();
  const [first, second] = await Promise.all([deliveryMarkers.open(ALICE), deliveryMarkers.open(ALICE)]);
  assert.equal(first, second);
  assert.equal(reads(), 1);
  deliveryMarkers.advance(ALICE, LOBBY, 1);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.equal(kept.length, 0);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.equal(kept.length, 1);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], [[LOBBY, 1]]);
  assert.equal(reads(), 2, 'nothing is remembered of who is gone');
});

test('CONN-46 what could not be saved is saved later, also after the end', async () => {
  const { deliveryMarkers, kept, appends, advance, work, reads } = open();
  await deliveryMarkers.open(ALICE);
  deliveryMarkers.advance(ALICE, LOBBY, 1);
  work(false);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], [[LOBBY, 1]], 'it is still known');
  assert.equal(reads(), 1);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.equal(appends.length, 2);
  await advance(4_900);
  assert.equal(appends.length, 3, 'what was begun by the change is over, and failed, too');
  work(true);
  await advance(4_999);
  assert.deepEqual([appends.length, kept], [3, []]);
  await advance(1);
  assert.deepEqual(kept, [{ person: ALICE, rooms: [[LOBBY, 1]] }]);
});

test('CONN-46 those who left together are saved together, and nobody else with them', async () => {
  const { deliveryMarkers, kept, appends, advance } = open();
  for (const person of [ALICE, BOB, CAROL]) {
    await deliveryMarkers.open(person);
    deliveryMarkers.advance(person, LOBBY, 1);
  }
  deliveryMarkers.close(ALICE);
  deliveryMarkers.close(BOB);
  await advance(49);
  assert.equal(kept.length, 0);
  await advance(1);
  assert.deepEqual([appends, kept.map(({ person }) => person)], [[2], [ALICE, BOB]]);
  await advance(5_000);
  assert.deepEqual(
    kept.map(({ person }) => person),
    [ALICE, BOB, CAROL],
  );
});

test('CONN-46 who comes back before it is saved, or while it is being saved, still finds what was shown', async () => {
  const { deliveryMarkers, kept, advance, reads, slow, answer } = open();
  await deliveryMarkers.open(ALICE);
  deliveryMarkers.advance(ALICE, LOBBY, 1);
  deliveryMarkers.close(ALICE);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], [[LOBBY, 1]]);
  deliveryMarkers.close(ALICE);
  slow();
  await advance(50);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], [[LOBBY, 1]]);
  deliveryMarkers.advance(ALICE, LOBBY, 2);
  deliveryMarkers.close(ALICE);
  await answer();
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], [[LOBBY, 2]]);
  assert.equal(reads(), 1);
  deliveryMarkers.close(ALICE);
  await advance(50);
  await answer();
  assert.deepEqual(kept.at(-1)?.rooms, [[LOBBY, 2]]);
});

test('CONN-46 a connection that ends as soon as it is known takes nothing from the one that comes with it', async () => {
  const { deliveryMarkers, kept } = open();
  const ended = deliveryMarkers.open(ALICE).then(() => deliveryMarkers.close(ALICE));
  await Promise.all([ended, deliveryMarkers.open(ALICE)]);
  deliveryMarkers.advance(ALICE, LOBBY, 1);
  await deliveryMarkers.flush();
  assert.deepEqual(kept, [{ person: ALICE, rooms: [[LOBBY, 1]] }]);
});

test('CONN-58 many are saved at most 500 at a time, one append after the answer of the other', async () => {
  const { deliveryMarkers, kept, appends, slow, answer } = open();
  for (let person = 1; person <= 1_200; person++) {
    await deliveryMarkers.open(person);
    deliveryMarkers.advance(person, LOBBY, 1);
  }
  slow();
  let done = 0;
  for (let flush = 0; flush < 2; flush++) void deliveryMarkers.flush().then(() => (done += 1));
  for (const sizes of [[500], [500, 500], [500, 500, 200]]) {
    await setImmediate();
    assert.deepEqual([appends, done], [sizes, 0]);
    await answer();
  }
  assert.deepEqual([appends.length, done], [3, 2]);
  assert.equal(new Set(kept.map(({ person }) => person)).size, 1_200);
});

test('CONN-58 where the first of several appends fails the others wait for the next time', async () => {
  const { deliveryMarkers, kept, appends, advance, work } = open();
  for (let person = 1; person <= 600; person++) {
    await deliveryMarkers.open(person);
    deliveryMarkers.advance(person, LOBBY, 1);
  }
  work(false);
  await deliveryMarkers.flush();
  assert.deepEqual(appends, [500]);
  work(true);
  await advance(5_000);
  assert.deepEqual([appends, kept.length], [[500, 500, 100], 600]);
});

test('CONN-46 whoever comes while storage is unavailable may try again', async () => {
  const { deliveryMarkers, work } = open();
  work(false);
  await assert.rejects(deliveryMarkers.open(ALICE));
  work(true);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], []);
});

test('CONN-47 how far a room was shown never goes back, whichever connection says so', async () => {
  const { deliveryMarkers, kept } = open();
  const known = await deliveryMarkers.open(ALICE);
  deliveryMarkers.advance(ALICE, LOBBY, 5);
  deliveryMarkers.advance(ALICE, LOBBY, 4);
  assert.equal(known.get(LOBBY), 5);
  deliveryMarkers.advance(GUEST, LOBBY, 7);
  await deliveryMarkers.flush();
  assert.deepEqual(kept, [{ person: ALICE, rooms: [[LOBBY, 5]] }]);
  deliveryMarkers.advance(ALICE, LOBBY, 5);
  await deliveryMarkers.flush();
  assert.equal(kept.length, 1);
});

test('CONN-56 of guests nothing is kept, and nothing is asked', async () => {
  const { deliveryMarkers, kept, advance, reads } = open();
  await deliveryMarkers.open(GUEST);
  deliveryMarkers.advance(GUEST, LOBBY, 1);
  await advance(5_000);
  deliveryMarkers.close(GUEST);
  await deliveryMarkers.flush();
  assert.deepEqual([kept.length, reads()], [0, 0]);
});

test('CONN-46 a stop saves what was shown', async () => {
  const clock = new FakeClock();
  const storage = new MemoryStorage(clock);
  const app = await TestHub.open({ clock, storage });
  await app.accounts('alice', 'bob');
  const [alice, bob] = [app.client(lineProtocol()), app.client(lineProtocol())];
  await alice.ask('login alice');
  await bob.ask('login bob');
  await bob.ask('say one', 'say two');
  await alice.signOfLife();
  void app.hub.stop();
  await app.settle();
  const id = app.world.people.find('alice')?.id ?? 0;
  assert.deepEqual(await storage.deliveryMarkers(id), [[app.world.lobby, 2]]);
});

test('CONN-47 a room that one connection has shown waits on no other of the same person', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const [read, unread, bob] = [app.client(lineProtocol()), app.client(lineProtocol()), app.client(lineProtocol())];
  await read.ask('login alice');
  await unread.ask('login alice');
  await bob.ask('login bob');
  unread.peer.loseNetwork();
  await bob.ask('say one');
  await read.signOfLife();
  await read.drop();
  await unread.drop();
  assert.deepEqual(await app.client(lineProtocol({ history: 0 })).ask('login alice'), ['ok']);
});

/** Storage that takes nothing and says nothing while the test says so. */
class BrokenStorage extends MemoryStorage {
  broken = false;

  override deliveryMarkers(...args: Parameters<MemoryStorage['deliveryMarkers']>) {
    return this.broken ? Promise.reject(new Error('the test says so')) : super.deliveryMarkers(...args);
  }

  override page(...args: Parameters<MemoryStorage['page']>) {
    return this.broken ? Promise.reject(new Error('the test says so')) : super.page(...args);
  }

  override async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    return this.broken ? batch.map(() => ({ type: 'unavailable', reason: 'the test says so' })) : super.append(batch);
  }
}

test('CONN-19 who comes while storage is unavailable is shown all that waits once it is back, and nothing twice', async () => {
  const clock = new FakeClock();
  const storage = new BrokenStorage(clock);
  const app = await TestHub.open({ clock, storage });
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol());
  await bob.ask('login bob');
  await bob.ask('say one', 'direct alice two');
  storage.broken = true;
  const alice = app.client(lineProtocol({ history: 0 }));
  assert.deepEqual(await alice.ask('login alice'), ['ok']);
  await app.advance(3_000);
  assert.deepEqual(alice.lines(), []);
  storage.broken = false;
  await bob.ask('say three');
  await app.advance(1_000);
  assert.deepEqual(alice.lines(), ['old 1 bob one', 'old @bob 1 bob two', 'new 2 bob three']);
});
