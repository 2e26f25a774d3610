import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { Actor } from '../engine/decide.ts';
import { type PersonId, personStream, type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { HistoryPage } from './history.ts';
import type { PostResult } from './messages.ts';

const operator: Actor = { type: 'operator' };
const notFound = { ok: false, error: { type: 'not-found' } };
const unavailable = { ok: false, error: { type: 'unavailable' } };

async function openWith(...names: string[]) {
  const app = await TestWorld.open();
  const people: PersonId[] = [];
  for (const name of names) people.push(await app.member(name));
  const [alice = 0, bob = 0, eve = 0] = people;
  return { app, alice, bob, eve };
}

async function send(app: TestWorld, person: PersonId, to: string, text: string): Promise<PostResult> {
  const result = await app.direct(person, to, text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

async function history(app: TestWorld, person: PersonId, of: string): Promise<readonly string[]> {
  const page = await app.must<HistoryPage>((world, done) => world.history.of(person, 'user', of, null, 100, done));
  return page.messages.map(({ text }) => text);
}

async function directs(app: TestWorld, person: PersonId) {
  const { memberships } = await app.storage.load(personStream(person));
  return memberships.flatMap(({ other, room }) => (other === null ? [] : [[other, room]]));
}

async function block(app: TestWorld, person: PersonId, name: string, on = true) {
  await app.must((world, done) => world.relationships.set('block', person, name, on, done));
}

test('WORLD-80 two people have one direct, whichever begins it: a room with both as its members', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const first = await send(app, alice, 'bob', 'hello');
  const second = await send(app, bob, 'ALICE', 'hello you');
  const { room } = first.message;
  assert.equal(second.message.room, room);
  assert.deepEqual([first.message.number, second.message.number], [1, 2]);
  assert.deepEqual(await directs(app, alice), [[bob, room]]);
  assert.deepEqual(await directs(app, bob), [[alice, room]]);
  const conversation = await app.world.useRooms([room], () => app.world.history.conversation(room));
  assert.deepEqual(conversation, {
    type: 'direct',
    people: [
      { id: alice, name: 'alice' },
      { id: bob, name: 'bob' },
    ],
  });
  assert.deepEqual(app.world.messages.directOf(alice, bob), room);
  assert.equal(app.world.rooms.view(alice, room), undefined, 'a direct is no group');
  const again = await TestWorld.open({ storage: app.storage, ids: countingIds(2) });
  await again.login('bob');
  assert.equal((await send(again, bob, 'alice', 'still there?')).message.room, room);
});

test('WORLD-80 two people who begin at once, on one node or two, post in one direct', async () => {
  const { clock, storage, first, second } = await openTwoWorlds();
  const alice = await first.member('alice');
  await settle(clock);
  const bob = await second.member('bob');
  await settle(clock);
  const results = await Promise.all([
    first.direct(alice, 'bob', 'a1'),
    second.direct(bob, 'alice', 'b1'),
    first.direct(alice, 'bob', 'a2'),
    second.direct(bob, 'alice', 'b2'),
  ]);
  const rooms = results.map((result) => result.ok && result.value.message.room);
  assert.equal(new Set(rooms).size, 1, JSON.stringify(results));
  const room = rooms[0] || 0;
  assert.deepEqual(results.map((result) => result.ok && result.value.message.number).toSorted(), [1, 2, 3, 4]);
  assert.deepEqual([await directs(first, alice), await directs(first, bob)], [[[bob, room]], [[alice, room]]]);
  const { members } = await storage.load(roomStream(room));
  assert.deepEqual(
    members.map(({ person, other }) => [person, other]).toSorted(([a = 0], [b = 0]) => (a ?? 0) - (b ?? 0)),
    [
      [alice, bob],
      [bob, alice],
    ].toSorted(([a = 0], [b = 0]) => a - b),
  );
});

/** Memory storage in which loading a room waits until the test releases it. */
class SlowRoomStorage extends MemoryStorage {
  readonly waiting: (() => void)[] = [];
  slow = false;

  override async load(stream: StreamId) {
    if (this.slow && stream.startsWith('room/')) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return super.load(stream);
  }

  release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

test('WORLD-81 messages to another person stay in order, also while the direct is made or loaded', async () => {
  for (const madeBy of ['these messages', 'another node', 'this node'] as const) {
    const clock = new FakeClock();
    const storage = new SlowRoomStorage(clock);
    const app = await TestWorld.open({ clock, storage });
    const alice = await app.member('alice');
    await app.member('bob');
    if (madeBy === 'this node') await send(app, alice, 'bob', 'the first');
    if (madeBy === 'another node') {
      const other = await TestWorld.open({ clock, storage, ids: countingIds(2) });
      const bob = await other.login('bob');
      await send(other, bob, 'alice', 'the first');
    }
    storage.slow = madeBy !== 'these messages';
    const done: string[] = [];
    const texts = ['1', '2', '3', '4'];
    const sendNext = (): void => {
      const text = texts.shift();
      if (text === undefined) return;
      app.world.messages.direct(alice, 'bob', { text, clientTime: null }, sendNext, (result) => {
        done.push(result.ok ? result.value.message.text : result.error.type);
      });
    };
    sendNext();
    for (let turn = 0; turn < 20; turn++) {
      await settle(clock, 1);
      storage.release();
    }
    storage.slow = false;
    assert.deepEqual(done, ['1', '2', '3', '4'], madeBy);
    assert.deepEqual((await history(app, alice, 'bob')).slice(-4), ['1', '2', '3', '4'], madeBy);
  }
});

test('WORLD-81 the next message may be sent also after one was refused', async () => {
  const { app, alice } = await openWith('alice', 'bob');
  const steps: string[] = [];
  const direct = (to: string, text: string) =>
    new Promise<void>((resolve) => {
      const done = () => steps.push('done');
      app.world.messages.direct(alice, to, { text, clientTime: null }, () => resolve(void steps.push('ordered')), done);
      void app.settle();
    });
  for (const [to, text] of [
    ['nobody', 'x'],
    ['alice', 'x'],
    ['bob', ' '],
  ] as const)
    await direct(to, text);
  await app.settle();
  assert.equal(steps.filter((step) => step === 'ordered').length, 3);
  assert.equal(steps.filter((step) => step === 'done').length, 3);
});

test('WORLD-82 a message to an unknown name, oneself, or a guest who cannot be shown it is refused; nothing is written', async () => {
  const { app, alice } = await openWith('alice', 'bob');
  const session = { acceptsDirect: false, status: null };
  const guest = await app.must<{ id: PersonId }>((world, done) => world.enter('guest', done, session));
  const refused = (type: string) => ({ ok: false, error: { type } });
  for (const name of ['nobody', 'lobby', '', 'a;b']) assert.deepEqual(await app.direct(alice, name, 'x'), notFound);
  assert.deepEqual(await app.direct(alice, 'ALICE', 'x'), refused('yourself'));
  assert.deepEqual(await app.direct(alice, 'guest', 'x'), refused('unreachable'));
  assert.deepEqual(await directs(app, alice), []);
  app.world.leave(guest.id, { type: 'left' }, session);
  await app.settle();
  assert.deepEqual(await app.direct(alice, 'guest', 'x'), notFound);
  const other = await app.enter('visitor');
  assert.equal((await send(app, alice, 'visitor', 'x')).delivered, true);
  assert.equal((await send(app, other, 'bob', 'x')).delivered, true);
});

test('WORLD-20 T24 a person who is not present posts no direct messages and reads nothing', async () => {
  const { app, alice } = await openWith('alice', 'bob');
  assert.equal((await app.direct(alice, 'bob', 'x')).ok, true);
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  for (const person of [alice, 4711])
    for (const asked of [
      app.direct(person, 'bob', 'x'),
      app.ask((world, done) => world.history.of(person, 'user', 'bob', null, 10, done)),
      app.ask((world, done) => world.history.of(person, 'group', 'lobby', null, 10, done)),
    ])
      assert.deepEqual(await asked, { ok: false, error: { type: 'not-allowed' } });
});

test('WORLD-82 history with oneself or an unknown name is refused; without a direct it is empty', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const of = (name: string) =>
    app.ask<HistoryPage>((world, done) => world.history.of(alice, 'user', name, null, 10, done));
  assert.deepEqual(await of('nobody'), notFound);
  assert.deepEqual(await of('alice'), { ok: false, error: { type: 'yourself' } });
  assert.deepEqual(await of('bob'), {
    ok: true,
    value: {
      position: 0,
      conversation: {
        type: 'direct',
        people: [
          { id: alice, name: 'alice' },
          { id: bob, name: 'bob' },
        ],
      },
      messages: [],
    },
  });
});

test('WORLD-83 a message counts as delivered when a connection of the receiver can show it; an invisible one counts as away', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const delivered = async () => (await send(app, alice, 'bob', 'x')).delivered;
  const status = (text: string) => app.must((world, done) => world.setStatus(bob, text, done));
  assert.equal(await delivered(), true);
  await status('Offline');
  assert.equal(await delivered(), false);
  await status('Busy');
  assert.equal(await delivered(), true);
  app.world.leave(bob, { type: 'left' });
  await app.settle();
  assert.equal(await delivered(), false);
  await app.must((world, done) =>
    world.login('bob', { type: 'plain', value: 'open sesame' }, done, { acceptsDirect: false, status: null }),
  );
  assert.equal(await delivered(), false);
  await app.login('bob');
  assert.equal(await delivered(), true);
  app.world.leave(bob, { type: 'left' });
  await app.settle();
  assert.equal(await delivered(), false, 'the remaining connection cannot show it');
  assert.equal((await history(app, bob, 'alice')).length, 7);
});

test('WORLD-84 T28 a blocked author’s message is committed and acknowledged, and only its author is ever shown it', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  await send(app, alice, 'bob', 'before');
  await block(app, bob, 'alice');
  const { message, delivered } = await send(app, alice, 'bob', 'blocked');
  assert.equal(delivered, false);
  assert.equal(message.withheld, true);
  assert.equal(message.number, 2);
  const answer = await send(app, bob, 'alice', 'from bob');
  assert.equal(answer.delivered, true);
  assert.equal(answer.message.withheld, undefined);
  const edited = await app.must<Message>((world, done) => world.messages.edit(alice, message.id, 'edited', done));
  assert.equal(edited.withheld, true);
  const asBob = app.world.actor(bob) ?? operator;
  for (const id of [message.id, 'no such message'])
    assert.deepEqual(await app.ask((world, done) => world.messages.delete(asBob, id, done)), notFound);
  assert.deepEqual(await app.ask((world, done) => world.messages.edit(bob, message.id, 'his', done)), notFound);
  assert.deepEqual(await history(app, bob, 'alice'), ['from bob'], 'the blocked person’s messages are left out');
  assert.deepEqual(await history(app, alice, 'bob'), ['before', 'edited', 'from bob']);
  await block(app, bob, 'alice', false);
  assert.deepEqual(await history(app, bob, 'alice'), ['before', 'from bob'], 'withheld for good');
  assert.equal(app.world.history.isHidden(bob, edited), true);
  assert.equal(app.world.history.isHidden(alice, edited), false);
  assert.equal((await send(app, alice, 'bob', 'after')).delivered, true);
  assert.equal((await app.ask((world, done) => world.messages.delete(operator, message.id, done))).ok, true);
});

test('WORLD-84 a message that follows a block of its author at once is withheld', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  await send(app, alice, 'bob', 'hello');
  app.world.relationships.set('block', bob, 'alice', true, () => {});
  const { message } = await send(app, alice, 'bob', 'too late');
  assert.equal(message.withheld, true);
});

test('WORLD-84 a block counts on every node as soon as it is set, also before any bus message', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const alice = await first.member('alice');
  await settle(clock);
  const bob = await second.member('bob');
  await settle(clock);
  await send(first, alice, 'bob', 'hello');
  await block(second, bob, 'alice');
  await block(second, bob, 'alice', false);
  for (const on of [true, false, true]) {
    await second.must((world, done) => {
      world.relationships.set('block', bob, 'alice', on, done);
    });
    const { message } = await send(first, alice, 'bob', 'blocked?');
    assert.equal(message.withheld, on ? true : undefined);
  }
  const numbers = (await first.world.history.page(first.world.messages.directOf(alice, bob) ?? 0, null, 10)).messages;
  assert.deepEqual(
    numbers.map(({ number }) => number),
    [1, 2, 3, 4],
  );
});

test('WORLD-64 the stream of an absent receiver leaves memory after a message, and is loaded again for the next', async () => {
  const { app, alice, bob, eve } = await openWith('alice', 'bob', 'eve');
  await block(app, bob, 'eve');
  app.world.leave(bob, { type: 'left' });
  await app.settle();
  const { people } = app.world;
  for (const text of ['one', 'two']) {
    const { message } = await send(app, alice, 'bob', text);
    assert.equal(message.withheld, undefined);
    await app.settle();
    assert.deepEqual([...people.blocksOf(bob)], [], text);
  }
  assert.equal((await send(app, eve, 'bob', 'blocked')).message.withheld, true);
  const together = ['3', '4', '5'].map((text) => app.direct(alice, 'bob', text));
  assert.deepEqual(
    (await Promise.all(together)).map((result) => result.ok && result.value.message.number),
    [3, 4, 5],
  );
  await app.login('bob');
  await send(app, alice, 'bob', 'welcome back');
  await app.settle();
  assert.deepEqual([...people.blocksOf(bob)], [eve], 'a present person’s stream stays in memory');
});

test('WORLD-84 a message posted to the room of a direct is withheld like one sent to the person', async () => {
  const { app, alice, bob, eve } = await openWith('alice', 'bob', 'eve');
  const { room } = (await send(app, alice, 'bob', 'hello')).message;
  await block(app, bob, 'alice');
  app.world.leave(bob, { type: 'left' });
  await app.settle();
  const posted = await app.post(alice, 'blocked', room);
  assert.equal(posted.ok && posted.value.withheld, true);
  assert.deepEqual(await app.post(eve, 'intruding', room), notFound);
});

test('WORLD-84 a message is refused when the receiver’s blocks cannot be loaded', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const { room } = (await send(app, alice, 'bob', 'hello')).message;
  app.world.leave(bob, { type: 'left' });
  await app.settle();
  app.storage.load = () => Promise.reject(new Error('the test says so'));
  assert.deepEqual(await app.post(alice, 'x', room), unavailable);
  assert.deepEqual(await app.direct(alice, 'bob', 'x'), unavailable);
});

test('WORLD-86 the history of a room leaves out the messages of people whom the reader blocks', async () => {
  const { app, alice, bob, eve } = await openWith('alice', 'bob', 'eve');
  await app.post(alice, 'from alice');
  await app.post(eve, 'from eve');
  await block(app, bob, 'alice');
  const seen = async (person: PersonId) =>
    (
      await app.must<HistoryPage>((world, done) => world.history.of(person, 'group', 'lobby', null, 10, done))
    ).messages.map(({ text }) => text);
  assert.deepEqual(await seen(bob), ['from eve']);
  assert.deepEqual(await seen(alice), ['from alice', 'from eve']);
  assert.deepEqual(await seen(eve), ['from alice', 'from eve']);
});

test('WORLD-86 WORLD-87 a person’s blocks count while storage fails, and are read again after it', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  await app.post(alice, 'from alice');
  await block(app, bob, 'alice');
  const { storage } = app;
  const append = storage.append.bind(storage);
  storage.append = async (batch) => batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
  assert.deepEqual(
    await app.ask((world, done) => world.relationships.set('contact', bob, 'alice', true, done)),
    unavailable,
  );
  storage.append = append;
  assert.deepEqual([...app.world.people.blocksOf(bob)], [alice]);
  const page = await app.must<HistoryPage>((world, done) => world.history.of(bob, 'group', 'lobby', null, 10, done));
  assert.deepEqual(page.messages, []);
});

test('WORLD-71 T25 a direct of others is refused as not found', async () => {
  const { app, alice, eve } = await openWith('alice', 'bob', 'eve');
  const { message } = await send(app, alice, 'bob', 'secret');
  const { room, id } = message;
  const { world } = app;
  const asks: readonly [string, Promise<unknown>][] = [
    ['post', app.post(eve, 'x', room)],
    ['join', app.ask((_, done) => world.rooms.join(eve, room, done))],
    ['leave', app.ask((_, done) => world.rooms.leave(eve, room, done))],
    ['mark', app.ask((_, done) => world.rooms.read(eve, room, 1, done))],
    ['read', app.ask((_, done) => world.history.read(eve, room, null, 10, done))],
    ['edit', app.ask((_, done) => world.messages.edit(eve, id, 'x', done))],
    ['delete', app.ask((_, done) => world.messages.delete(world.actor(eve) ?? operator, id, done))],
  ];
  for (const [what, asked] of asks) assert.deepEqual(await asked, notFound, what);
  assert.equal(world.rooms.view(eve, room), undefined);
  assert.equal(world.rooms.isIn(eve, room), false);
  assert.equal(world.messages.directOf(eve, alice), undefined);
});

test('WORLD-80 a guest’s direct is the account’s once the guest has registered', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const guest = await app.enter('visitor');
  const { room } = (await send(app, guest, 'alice', 'hello')).message;
  const wanted = { name: 'bob', displayName: null, password: { type: 'plain', value: 'x' }, role: 'user' } as const;
  await app.must((world, done) => void world.accounts.register(world.actor(guest) ?? null, wanted, done));
  assert.equal((await send(app, alice, 'bob', 'hello bob')).message.room, room);
  const rooms = await app.world.rooms.of(guest);
  assert.deepEqual(
    rooms.map((one): [RoomId, boolean] => [one.room, one.direct]).toSorted(([a], [b]) => a - b),
    [[app.world.lobby, false] as [RoomId, boolean], [room, true] as [RoomId, boolean]].toSorted(([a], [b]) => a - b),
  );
});
