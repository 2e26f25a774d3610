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

/** Markers over a storage that the test can break. */
function open() {
  const clock = new FakeClock();
  const saved: DeliveryMarkerRow[] = [];
  /** The number of rows of each save. */
  const saves: number[] = [];
  const waiting: (() => void)[] = [];
  let works = true;
  let slow = false;
  let reads = 0;
  const deliveryMarkers = new DeliveryMarkers(clock, () => ({
    people: { account: (person) => (person === GUEST ? undefined : {}) },
    async deliveryMarkers(person) {
      reads += 1;
      if (!works) throw new Error('the test says so');
      const own = saved.filter((row) => row.person === person);
      return [...new Map(own.map(({ room, number }) => [room, number]))];
    },
    async saveDeliveryMarkers(rows) {
      saves.push(rows.length);
      if (slow) await new Promise<void>((resolve) => waiting.push(resolve));
      if (works) saved.push(...rows);
      return works;
    },
  }));
  const advance = async (ms: number) => {
    clock.advance(ms);
    await setImmediate();
  };
  return {
    deliveryMarkers,
    saved,
    saves,
    advance,
    reads: () => reads,
    work: (does: boolean) => void (works = does),
    /** From now on each save waits for a call of `answer`. */
    slow: () => void (slow = true),
    async answer() {
      waiting.shift()?.();
      await setImmediate();
    },
  };
}

test('CONN-46 changed markers, and no others, are saved every 5 s and after the last connection', async () => {
  const { deliveryMarkers, saved, advance } = open();
  await deliveryMarkers.open(ALICE);
  deliveryMarkers.advance(ALICE, LOBBY, 3);
  deliveryMarkers.advance(ALICE, DEN, 1);
  deliveryMarkers.advance(ALICE, LOBBY, 4);
  await advance(4_999);
  assert.equal(saved.length, 0);
  await advance(1);
  assert.deepEqual(saved, [
    { person: ALICE, room: LOBBY, number: 4 },
    { person: ALICE, room: DEN, number: 1 },
  ]);
  await advance(60_000);
  assert.equal(saved.length, 2, 'nothing changed since');
  deliveryMarkers.advance(ALICE, LOBBY, 5);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.deepEqual(saved.slice(2), [{ person: ALICE, room: LOBBY, number: 5 }]);
});

test('CONN-46 markers are saved and forgotten after the last of several connections', async () => {
  const { deliveryMarkers, saved, advance, reads } = open();
  const [first, second] = await Promise.all([deliveryMarkers.open(ALICE), deliveryMarkers.open(ALICE)]);
  assert.equal(first, second);
  assert.equal(reads(), 1);
  deliveryMarkers.advance(ALICE, LOBBY, 1);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.equal(saved.length, 0);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.equal(saved.length, 1);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], [[LOBBY, 1]]);
  assert.equal(reads(), 2, 'a person without a connection is forgotten');
});

test('CONN-46 markers that could not be saved are saved later, also after the last connection', async () => {
  const { deliveryMarkers, saved, saves, advance, work, reads } = open();
  await deliveryMarkers.open(ALICE);
  deliveryMarkers.advance(ALICE, LOBBY, 1);
  work(false);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], [[LOBBY, 1]], 'the marker is still known');
  assert.equal(reads(), 1);
  deliveryMarkers.close(ALICE);
  await advance(50);
  assert.equal(saves.length, 2);
  await advance(4_900);
  assert.equal(saves.length, 3, 'the save that the change had scheduled failed too');
  work(true);
  await advance(4_999);
  assert.deepEqual([saves.length, saved], [3, []]);
  await advance(1);
  assert.deepEqual(saved, [{ person: ALICE, room: LOBBY, number: 1 }]);
});

test('CONN-46 people who disconnect together are saved together, and no others with them', async () => {
  const { deliveryMarkers, saved, saves, advance } = open();
  for (const person of [ALICE, BOB, CAROL]) {
    await deliveryMarkers.open(person);
    deliveryMarkers.advance(person, LOBBY, 1);
  }
  deliveryMarkers.close(ALICE);
  deliveryMarkers.close(BOB);
  await advance(49);
  assert.equal(saved.length, 0);
  await advance(1);
  assert.deepEqual([saves, saved.map(({ person }) => person)], [[2], [ALICE, BOB]]);
  await advance(5_000);
  assert.deepEqual(
    saved.map(({ person }) => person),
    [ALICE, BOB, CAROL],
  );
});

test('CONN-46 a person who comes back before or during a save still finds the markers', async () => {
  const { deliveryMarkers, saved, advance, reads, slow, answer } = open();
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
  assert.deepEqual(saved.at(-1), { person: ALICE, room: LOBBY, number: 2 });
});

test('CONN-46 a connection that closes as soon as it is opened takes nothing from another one', async () => {
  const { deliveryMarkers, saved } = open();
  const ended = deliveryMarkers.open(ALICE).then(() => deliveryMarkers.close(ALICE));
  await Promise.all([ended, deliveryMarkers.open(ALICE)]);
  deliveryMarkers.advance(ALICE, LOBBY, 1);
  await deliveryMarkers.flush();
  assert.deepEqual(saved, [{ person: ALICE, room: LOBBY, number: 1 }]);
});

test('CONN-58 at most 500 markers are saved at once, each append after the answer to the one before', async () => {
  const { deliveryMarkers, saved, saves, slow, answer } = open();
  for (let person = 1; person <= 600; person++) {
    await deliveryMarkers.open(person);
    deliveryMarkers.advance(person, LOBBY, 1);
    deliveryMarkers.advance(person, DEN, 1);
  }
  slow();
  let done = 0;
  for (let flush = 0; flush < 2; flush++) void deliveryMarkers.flush().then(() => (done += 1));
  for (const sizes of [[500], [500, 500], [500, 500, 200]]) {
    await setImmediate();
    assert.deepEqual([saves, done], [sizes, 0]);
    await answer();
  }
  assert.deepEqual([saves.length, done], [3, 2]);
  assert.equal(new Set(saved.map(({ person, room }) => `${person}/${room}`)).size, 1_200);
});

test('CONN-58 if the first of several appends fails, the others wait for the next save', async () => {
  const { deliveryMarkers, saved, saves, advance, work } = open();
  for (let person = 1; person <= 600; person++) {
    await deliveryMarkers.open(person);
    deliveryMarkers.advance(person, LOBBY, 1);
  }
  work(false);
  await deliveryMarkers.flush();
  assert.deepEqual(saves, [500]);
  work(true);
  await advance(5_000);
  assert.deepEqual([saves, saved.length], [[500, 500, 100], 600]);
});

test('CONN-46 opening fails while storage is unavailable, and can be tried again', async () => {
  const { deliveryMarkers, work } = open();
  work(false);
  await assert.rejects(deliveryMarkers.open(ALICE));
  work(true);
  assert.deepEqual([...(await deliveryMarkers.open(ALICE))], []);
});

test('CONN-47 a marker never goes back, whichever connection reports it', async () => {
  const { deliveryMarkers, saved } = open();
  const markers = await deliveryMarkers.open(ALICE);
  deliveryMarkers.advance(ALICE, LOBBY, 5);
  deliveryMarkers.advance(ALICE, LOBBY, 4);
  assert.equal(markers.get(LOBBY), 5);
  deliveryMarkers.advance(GUEST, LOBBY, 7);
  await deliveryMarkers.flush();
  assert.deepEqual(saved, [{ person: ALICE, room: LOBBY, number: 5 }]);
  deliveryMarkers.advance(ALICE, LOBBY, 5);
  await deliveryMarkers.flush();
  assert.equal(saved.length, 1);
});

test('CONN-56 markers of guests are neither saved nor loaded', async () => {
  const { deliveryMarkers, saved, advance, reads } = open();
  await deliveryMarkers.open(GUEST);
  deliveryMarkers.advance(GUEST, LOBBY, 1);
  await advance(5_000);
  deliveryMarkers.close(GUEST);
  await deliveryMarkers.flush();
  assert.deepEqual([saved.length, reads()], [0, 0]);
});

test('CONN-46 a stop saves the markers', async () => {
  const clock = new FakeClock();
  const storage = new MemoryStorage(clock);
  const app = await TestHub.open({ clock, storage });
  await app.accounts('alice', 'bob');
  const [alice, bob] = [app.client(lineProtocol()), app.client(lineProtocol())];
  await alice.ask('login alice');
  await bob.ask('login bob');
  await bob.ask('say one', 'say two');
  await alice.waitForProof();
  void app.hub.stop();
  await app.settle();
  const id = app.world.people.find('alice')?.id ?? 0;
  assert.deepEqual(await storage.deliveryMarkers(id), [[app.world.lobby, 2]]);
});

test('CONN-47 a message that one connection delivered waits on no other connection of the person', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const [read, unread, bob] = [app.client(lineProtocol()), app.client(lineProtocol()), app.client(lineProtocol())];
  await read.ask('login alice');
  await unread.ask('login alice');
  await bob.ask('login bob');
  unread.peer.loseNetwork();
  await bob.ask('say one');
  await read.waitForProof();
  await read.drop();
  await unread.drop();
  assert.deepEqual(await app.client(lineProtocol({ history: 0 })).ask('login alice'), ['ok']);
});

test('CONN-75 a backlog waits for a connection that is closing and may prove more, and at most 2.5 s', async () => {
  for (const proves of [true, false]) {
    const app = await TestHub.open();
    await app.accounts('alice', 'bob');
    const [leaving, bob] = [app.client(lineProtocol({ history: 0 })), app.client(lineProtocol({ history: 0 }))];
    await leaving.ask('login alice');
    await bob.ask('login bob');
    leaving.peer.stopReading();
    await bob.ask('direct alice one');
    await leaving.ask('leave');
    const again = app.client(lineProtocol({ history: 0 }));
    assert.deepEqual(await again.ask('login alice'), ['ok'], 'the backlog waits');
    if (proves) leaving.peer.resumeReading();
    await app.advance(proves ? 0 : 2_500);
    assert.deepEqual(again.lines(), proves ? [] : ['old @bob 1 bob one']);
    await bob.ask('direct alice two');
    assert.deepEqual(again.lines(), ['new @bob 2 bob two']);
  }
});

/** Memory storage that fails while the test says so. */
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

test('CONN-19 a person who logs in while storage is unavailable gets the whole backlog once it is back, and nothing twice', async () => {
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
