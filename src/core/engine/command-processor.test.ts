import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { openEngine } from '../../../testing/engine.ts';
import { countingIds } from '../../../testing/ids.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';
import { settle, TestWorld } from '../../../testing/world.ts';
import type { Result } from '../../lib/result.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import { decideCreateRoom } from '../commands/create-room.ts';
import type { Entry } from '../model/entries.ts';
import { roomStream } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { AppendItem, Storage } from '../ports.ts';
import { project } from '../state/projection.ts';
import { loadState, States } from '../state/states.ts';

async function openGated() {
  const storage = new GatedStorage(new FakeClock());
  const app = await TestWorld.open({ storage });
  const alice = await app.enter('alice');
  storage.batches.length = 0;
  storage.gated = true;
  return { storage, app, alice };
}

test('WORLD-03 nothing is answered or published before it is committed; commands that arrive meanwhile make one batch', async () => {
  const { storage, app, alice } = await openGated();
  const answers: string[] = [];
  const post = (text: string) => app.post(alice, text).then(() => answers.push(text));
  const posted = [post('1')];
  await app.settle();
  posted.push(post('2'), post('3'), post('4'));
  await app.settle();
  assert.deepEqual(answers, []);
  assert.equal(app.observer.ofType('message-posted').length, 0);
  assert.equal(storage.batches.length, 1);
  storage.release();
  await app.settle();
  assert.deepEqual(answers, ['1']);
  storage.release();
  await Promise.all(posted);
  assert.deepEqual(
    storage.batches.map((batch) => batch.length),
    [1, 3],
  );
  assert.equal(app.observer.batches.at(-1)?.length, 3);
});

test('WORLD-13 a command is answered before its events are published', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  let publishedAtAnswer = -1;
  app.world.messages.post(alice, app.world.lobby, { text: 'hello', clientTime: null }, () => {
    publishedAtAnswer = app.observer.ofType('message-posted').length;
  });
  await app.settle();
  assert.equal(publishedAtAnswer, 0);
  assert.equal(app.observer.ofType('message-posted').length, 1);
});

test('WORLD-08 a failed batch and everything decided on top of it is refused, and numbers go on without a gap', async () => {
  const { storage, app, alice } = await openGated();
  storage.failing = true;
  const first = app.post(alice, 'first');
  await app.settle();
  const second = app.post(alice, 'on top');
  await app.settle();
  storage.release();
  const unavailable = { ok: false, error: { type: 'unavailable' } };
  assert.deepEqual([await first, await second], [unavailable, unavailable]);
  assert.equal(storage.batches.length, 1, 'storage was not asked to write the second');
  storage.failing = false;
  storage.gated = false;
  const third = await app.post(alice, 'third');
  assert.equal(third.ok && third.value.number, 1);
  assert.deepEqual(
    app.observer.ofType('message-posted').map(({ message }) => message.text),
    ['third'],
  );
});

test('WORLD-08 a world that is ahead of its storage refuses, loads the stream again, and goes on from there', async () => {
  const { storage, app, alice } = await openGated();
  storage.gated = false;
  await app.post(alice, 'first');
  storage.behind = true;
  assert.deepEqual(await app.post(alice, 'second'), { ok: false, error: { type: 'unavailable' } });
  storage.behind = false;
  const third = await app.post(alice, 'third');
  assert.equal(third.ok && third.value.number, 2);
});

test('WORLD-08 a command that changes nothing because of an earlier one fails with that one', async () => {
  const { storage, app } = await openGated();
  storage.gated = false;
  const bob = await app.member('bob');
  await app.register('eve');
  const block = () => app.ask((world, done) => world.relationships.set('block', bob, 'eve', true, done));
  storage.failing = true;
  const failed = await Promise.all([block(), block()]);
  assert.deepEqual(
    failed.map((result) => !result.ok && result.error.type),
    ['unavailable', 'unavailable'],
  );
  storage.failing = false;
  app.clock.advance(2_000);
  assert.deepEqual(
    (await Promise.all([block(), block()])).map(({ ok }) => ok),
    [true, true],
  );
});

test('WORLD-07 a command that changes nothing is decided again too when another node wrote first', async () => {
  const storage = new MemoryStorage(new FakeClock());
  const stream = roomStream(7);
  const node = async () => {
    const clock = new FakeClock();
    const { cache, processor } = openEngine({ storage, clock });
    cache.pin(stream);
    await cache.load([stream]);
    /** Writes an entry or none; answers with the position of the stream then. */
    const ask = (writes: boolean) => {
      const entries = writes ? ([{ type: 'person-unmuted', room: 7, skeleton: 'x', at: 0 }] as const) : [];
      return new Promise<Result<number, Refusal>>((done) =>
        processor.submit<number>({
          streams: [stream],
          decide: (states) => {
            const value = states.position(stream) + entries.length;
            return { ok: true, value: { writes: writes ? [{ stream, entries }] : [], value } };
          },
          done,
        }),
      );
    };
    return { ask, settle: () => settle(clock) };
  };
  const [first, second] = [await node(), await node()];
  const mine = [first.ask(true), first.ask(false), first.ask(true), first.ask(false)];
  const theirs = second.ask(true);
  await second.settle();
  await first.settle();
  assert.deepEqual(
    (await Promise.all([theirs, ...mine])).map((result) => result.ok && result.value),
    [1, 2, 2, 3, 3],
  );
});

test('WORLD-64 a room that was evicted is read again with all commands that were under way', async () => {
  const { storage, app } = await openGated();
  storage.gated = false;
  const bob = await app.member('bob');
  const room = await app.group(bob, 'garden');
  assert.equal((await app.post(bob, 'one', room)).ok, true);
  storage.gated = true;
  const inFlight = app.post(bob, 'two', room);
  await app.settle();
  const next = app.post(bob, 'three', room);
  await app.settle();
  app.world.unpinRoom(room);
  assert.equal(app.world.rooms.isIn(bob, room), true, 'a command is under way');
  storage.gated = false;
  storage.release();
  assert.deepEqual(
    (await Promise.all([inFlight, next])).map((result) => result.ok && result.value.number),
    [2, 3],
  );
  assert.equal(app.world.rooms.isIn(bob, room), false, 'nothing pins it now');
  assert.equal(app.world.rooms.size(room), 0);
  const result = await app.post(bob, 'four', room);
  assert.equal(result.ok && result.value.number, 4);
  assert.equal(app.world.rooms.isIn(bob, app.world.lobby), true, 'the lobby stays');
});

test('WORLD-64 a command that waits for a second stream when the first is unpinned is decided on both', async () => {
  const { storage, app } = await openGated();
  storage.gated = false;
  const bob = await app.member('bob');
  const eve = await app.member('eve');
  const room = await app.group(bob, 'garden');
  app.world.leave(eve, { type: 'left' });
  await app.settle();
  await app.login('eve');
  const joined = app.ask((world, done) => world.rooms.join(eve, room, done));
  app.world.unpinRoom(room);
  assert.equal((await joined).ok, true);
  assert.equal((await app.storage.load(roomStream(room))).members.length, 2);
});

test('WORLD-28 a person can leave while storage fails', async () => {
  const { storage, app, alice } = await openGated();
  storage.failing = true;
  const posted = app.post(alice, 'lost');
  app.world.leave(alice, { type: 'lost' });
  await app.settle();
  storage.release();
  assert.equal((await posted).ok, false);
  await app.settle();
  assert.deepEqual([...app.world.people.visible], []);
});

test('WORLD-07 a command is decided again when another node wrote first, on the new state', async () => {
  const { storage, app, alice } = await openGated();
  const other = await TestWorld.open({ storage: bypass(storage) });
  const bob = await other.enter('bob');
  const mine = [app.post(alice, 'a1'), app.post(alice, 'a2')];
  await app.settle();
  assert.equal((await other.post(bob, 'b1')).ok, true);
  storage.gated = false;
  storage.release();
  const results = await Promise.all(mine);
  assert.deepEqual(
    results.map((result) => result.ok && result.value.number),
    [2, 3],
  );
  assert.deepEqual(
    app.observer.ofType('message-posted').map(({ message }) => message.text),
    ['b1', 'a1', 'a2'],
  );
});

test('WORLD-28 WORLD-07 a message that is decided again is shown before its author leaves', async () => {
  const { storage, app, alice } = await openGated();
  const other = await TestWorld.open({ storage: bypass(storage) });
  const bob = await other.enter('bob');
  const posted = app.post(alice, 'a1');
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.equal((await other.post(bob, 'b1')).ok, true);
  storage.gated = false;
  storage.release();
  assert.equal((await posted).ok, true);
  await app.settle();
  assert.deepEqual(
    app.observer.events.slice(-3).map((event) => ('message' in event ? event.message.text : event.type)),
    ['b1', 'a1', 'person-left'],
  );
});

test('WORLD-06 two worlds that open at once make one lobby, in the directory and as a room', async () => {
  const storage = new MemoryStorage(new FakeClock());
  const [first, second] = await Promise.all([
    TestWorld.open({ storage, ids: countingIds(1) }),
    TestWorld.open({ storage, ids: countingIds(2) }),
  ]);
  assert.equal(first.world.lobby, second.world.lobby);
  assert.deepEqual(await storage.positions(['directory', `room/${first.world.lobby}`]), [1, 1]);
});

function bypass(storage: GatedStorage): Storage {
  const append = (batch: readonly AppendItem[]) => MemoryStorage.prototype.append.call(storage, batch);
  return new Proxy<Storage>(storage, {
    get: (target, key) => {
      if (key === 'append') return append;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('WORLD-10 a room’s name is taken once', async () => {
  const app = await TestWorld.open();
  const states = new States();
  for (const stream of ['directory', 'room/4711'] as const) states.put(stream, await loadState(app.storage, stream));
  const context = { now: 0, ids: countingIds(3), lobby: app.world.lobby };
  const create = (name: string) =>
    ({
      type: 'create-room',
      room: 4711,
      name: { spelling: name, skeleton: name },
      displayName: name,
      closed: false,
      creator: null,
      members: [],
    }) as const;
  assert.equal(decideCreateRoom(states, create('garden'), context).ok, true);
  assert.deepEqual(decideCreateRoom(states, create('lobby'), context), { ok: false, error: { type: 'name-taken' } });
});

test('WORLD-04 an entry that is not the next of its stream is not applied', async () => {
  const app = await TestWorld.open();
  const { lobby } = app.world;
  const stream = roomStream(lobby);
  const states = new States();
  states.put(stream, await loadState(app.storage, stream));
  const entry = (position: number): Entry => ({
    stream,
    position,
    body: { type: 'person-unmuted', room: lobby, skeleton: 'x', at: 0 },
  });
  assert.deepEqual(
    [1, 3, 2, 2, 3].map((position) => states.apply(entry(position))),
    [false, false, true, false, true],
  );
  assert.equal(states.apply({ ...entry(1), stream: 'room/4711' }), false);
});

test('WORLD-05 the change of a table follows from the entry alone', () => {
  const unmuted = { type: 'person-unmuted', room: 1, skeleton: 'x', at: 0 } as const;
  assert.deepEqual(project({ body: unmuted, position: 1 }), [{ op: 'drop', table: 'mute', room: 1, skeleton: 'x' }]);
});

test('WORLD-200 a password that replaces another one also drops the sessions and subscriptions of the person', () => {
  const ended = (replaces: number | null) =>
    project({ body: { type: 'password-set', person: 7, verifier: 'v', replaces, at: 0 }, position: 3 }).filter(
      ({ op }) => op === 'drop-all',
    );
  assert.deepEqual(ended(null), []);
  assert.deepEqual(ended(1), [
    { op: 'drop-all', table: 'session', person: 7 },
    { op: 'drop-all', table: 'subscription', person: 7 },
  ]);
});

test('WORLD-19 after a batch of 8 or more the next one waits for more; after a smaller one it does not', async () => {
  class PausingClock extends FakeClock {
    pauses = 0;
    override soon(run: () => void): void {
      this.pauses += 1;
      super.soon(run);
    }
  }
  const clock = new PausingClock();
  const app = await TestWorld.open({ clock });
  const alice = await app.enter('alice');
  for (const text of ['a', 'b', 'c']) await app.post(alice, text);
  assert.equal(clock.pauses, 0);
  await Promise.all(Array.from({ length: 12 }, (_, index) => app.post(alice, `${index}`)));
  assert.equal(clock.pauses, 0);
  await app.post(alice, 'after many');
  assert.equal(clock.pauses, 1);
  await app.post(alice, 'after one');
  assert.equal(clock.pauses, 1);
});

test('WORLD-87 after a failure people see the last committed state until the streams are read again', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const { storage, world } = app;
  const append = storage.append.bind(storage);
  storage.append = async (batch) => batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
  const renamed = await app.ask((_, done) => world.accounts.setProfile(alice, { displayName: 'Alice in vain' }, done));
  const posted = await app.post(alice, 'in vain');
  assert.deepEqual([renamed.ok, posted.ok], [false, false]);
  assert.equal(world.people.view(alice)?.displayName, 'alice');
  assert.equal(world.rooms.isIn(alice, world.lobby), true);
  storage.append = append;
  const again = await app.post(alice, 'at last');
  assert.equal(again.ok && again.value.number, 1);
});

test('WORLD-08 while storage does not answer, commands that wait for 5 s are refused, later ones at once, and the batch gets its true answer', async () => {
  for (const failing of [false, true]) {
    const { storage, app, alice } = await openGated();
    const answers: string[] = [];
    const post = (text: string) =>
      void app
        .post(alice, text)
        .then((result) => answers.push(`${text} ${result.ok ? result.value.number : result.error.type}`));
    post('in the batch');
    await app.settle();
    post('waits');
    post('waits too');
    app.clock.advance(4_999);
    await settle(app.clock);
    assert.deepEqual(answers, []);
    app.clock.advance(1);
    await settle(app.clock);
    const refused = ['waits unavailable', 'waits too unavailable'];
    assert.deepEqual(answers, refused);
    post('late');
    await settle(app.clock);
    assert.deepEqual(answers, [...refused, 'late unavailable']);
    storage.failing = failing;
    storage.release();
    await app.settle();
    assert.equal(answers.at(-1), `in the batch ${failing ? 'unavailable' : '1'}`);
    storage.failing = false;
    storage.gated = false;
    post('next');
    await app.settle();
    assert.equal(answers.at(-1), `next ${failing ? 1 : 2}`);
  }
});
