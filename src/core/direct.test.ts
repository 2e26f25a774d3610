import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import { openTwo, settle, TestWorld } from '../../testing/world.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';
import type { Actor } from './decide.ts';
import type { Excerpt } from './history.ts';
import { type PersonId, personStream, type RoomId, roomStream, type StreamId } from './ids.ts';
import type { Message } from './message.ts';
import type { Said } from './messages.ts';

const operator: Actor = { type: 'operator' };
const notFound = { ok: false, error: { type: 'not-found' } };
const unavailable = { ok: false, error: { type: 'unavailable' } };

async function houseWith(...names: string[]) {
  const house = await TestWorld.open();
  const people: PersonId[] = [];
  for (const name of names) people.push(await house.member(name));
  const [alice = 0, bob = 0, eve = 0] = people;
  return { house, alice, bob, eve };
}

async function said(house: TestWorld, person: PersonId, to: string, text: string): Promise<Said> {
  const result = await house.direct(person, to, text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

async function history(house: TestWorld, person: PersonId, of: string): Promise<readonly string[]> {
  const excerpt = await house.must<Excerpt>(
    (world, done) => void world.history.of(person, 'user', of, null, 100, done),
  );
  return excerpt.messages.map(({ text }) => text);
}

async function directs(house: TestWorld, person: PersonId) {
  const { memberships } = await house.storage.load(personStream(person));
  return memberships.flatMap(({ other, room }) => (other === null ? [] : [[other, room]]));
}

async function block(house: TestWorld, person: PersonId, name: string, on = true) {
  await house.must((world, done) => world.ties.set('block', person, name, on, done));
}

test('WORLD-80 two people have one conversation, whoever begins it, a room with both as its members', async () => {
  const { house, alice, bob } = await houseWith('alice', 'bob');
  const first = await said(house, alice, 'bob', 'hello');
  const second = await said(house, bob, 'ALICE', 'hello you');
  const { room } = first.message;
  assert.equal(second.message.room, room);
  assert.deepEqual([first.message.number, second.message.number], [1, 2]);
  assert.deepEqual(await directs(house, alice), [[bob, room]]);
  assert.deepEqual(await directs(house, bob), [[alice, room]]);
  assert.deepEqual(house.world.history.place(room), {
    type: 'direct',
    people: [
      { id: alice, name: 'alice' },
      { id: bob, name: 'bob' },
    ],
  });
  assert.deepEqual(house.world.messages.directOf(alice, bob), room);
  assert.equal(house.world.rooms.view(alice, room), undefined, 'it is no group');
  const again = await TestWorld.open({ storage: house.storage, ids: countingIds(2) });
  await again.login('bob');
  assert.equal((await said(again, bob, 'alice', 'still there?')).message.room, room);
});

test('WORLD-80 of two who begin at once, on one node or two, both speak in the one conversation', async () => {
  const { clock, storage, first, second } = await openTwo();
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

/** Memory storage that lets a test hold back what it reads of rooms. */
class SlowRooms extends MemoryStorage {
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

test('WORLD-81 what one says to another stays in order, also while the conversation is made or read', async () => {
  for (const made of ['here', 'elsewhere', 'before'] as const) {
    const clock = new FakeClock();
    const storage = new SlowRooms(clock);
    const { house, alice } = await (async () => {
      const one = await TestWorld.open({ clock, storage });
      const person = await one.member('alice');
      await one.member('bob');
      return { house: one, alice: person };
    })();
    if (made === 'before') {
      const { message } = await said(house, alice, 'bob', 'the first');
      house.world.known.letGo(message.room);
    }
    if (made === 'elsewhere') {
      const other = await TestWorld.open({ clock, storage, ids: countingIds(2) });
      const bob = await other.login('bob');
      await said(other, bob, 'alice', 'the first');
    }
    storage.slow = made !== 'here';
    const done: string[] = [];
    const texts = ['1', '2', '3', '4'];
    const sayNext = (): void => {
      const text = texts.shift();
      if (text === undefined) return;
      house.world.messages.direct(alice, 'bob', { text, clientTime: null }, sayNext, (result) => {
        done.push(result.ok ? result.value.message.text : result.error.type);
      });
    };
    sayNext();
    for (let turn = 0; turn < 20; turn++) {
      await settle(clock, 1);
      storage.release();
    }
    assert.deepEqual(done, ['1', '2', '3', '4'], made);
    assert.deepEqual((await history(house, alice, 'bob')).slice(-4), ['1', '2', '3', '4'], made);
  }
});

test('WORLD-81 the next message may be sent also when one was refused', async () => {
  const { house, alice } = await houseWith('alice', 'bob');
  const steps: string[] = [];
  const direct = (to: string, text: string) =>
    new Promise<void>((resolve) => {
      const done = () => steps.push('done');
      house.world.messages.direct(
        alice,
        to,
        { text, clientTime: null },
        () => resolve(void steps.push('ordered')),
        done,
      );
      void house.settle();
    });
  for (const [to, text] of [
    ['nobody', 'x'],
    ['alice', 'x'],
    ['bob', ' '],
  ] as const)
    await direct(to, text);
  await house.settle();
  assert.equal(steps.filter((step) => step === 'ordered').length, 3);
  assert.equal(steps.filter((step) => step === 'done').length, 3);
});

test('WORLD-82 nothing is said to unknown names, oneself, or guests who cannot be shown it; nothing is written then', async () => {
  const { house, alice } = await houseWith('alice', 'bob');
  const visit = { reachable: false, status: null };
  const guest = await house.must<{ id: PersonId }>((world, done) => world.enter('guest', done, visit));
  const refused = (type: string) => ({ ok: false, error: { type } });
  for (const name of ['nobody', 'lobby', '', 'a;b']) assert.deepEqual(await house.direct(alice, name, 'x'), notFound);
  assert.deepEqual(await house.direct(alice, 'ALICE', 'x'), refused('yourself'));
  assert.deepEqual(await house.direct(alice, 'guest', 'x'), refused('unreachable'));
  assert.deepEqual(await directs(house, alice), []);
  house.world.leave(guest.id, { type: 'left' }, visit);
  await house.settle();
  assert.deepEqual(await house.direct(alice, 'guest', 'x'), notFound);
  const other = await house.enter('visitor');
  assert.equal((await said(house, alice, 'visitor', 'x')).delivered, true);
  assert.equal((await said(house, other, 'bob', 'x')).delivered, true);
});

test('WORLD-20 T24 who is not here says nothing to anybody, and reads nothing', async () => {
  const { house, alice } = await houseWith('alice', 'bob');
  assert.equal((await house.direct(alice, 'bob', 'x')).ok, true);
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  for (const person of [alice, 4711])
    for (const asked of [
      house.direct(person, 'bob', 'x'),
      house.ask((world, done) => void world.history.of(person, 'user', 'bob', null, 10, done)),
      house.ask((world, done) => void world.history.of(person, 'group', 'lobby', null, 10, done)),
    ])
      assert.deepEqual(await asked, { ok: false, error: { type: 'not-allowed' } });
});

test('WORLD-82 a history with oneself or an unknown name is refused, with one never spoken to it is empty', async () => {
  const { house, alice, bob } = await houseWith('alice', 'bob');
  const of = (name: string) =>
    house.ask<Excerpt>((world, done) => void world.history.of(alice, 'user', name, null, 10, done));
  assert.deepEqual(await of('nobody'), notFound);
  assert.deepEqual(await of('alice'), { ok: false, error: { type: 'yourself' } });
  assert.deepEqual(await of('bob'), {
    ok: true,
    value: {
      place: {
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

test('WORLD-83 a message is delivered when a connection of the other can show it; the invisible are as good as away', async () => {
  const { house, alice, bob } = await houseWith('alice', 'bob');
  const delivered = async () => (await said(house, alice, 'bob', 'x')).delivered;
  const status = (text: string) => house.must((world, done) => world.setStatus(bob, text, done));
  assert.equal(await delivered(), true);
  await status('Offline');
  assert.equal(await delivered(), false);
  await status('Busy');
  assert.equal(await delivered(), true);
  house.world.leave(bob, { type: 'left' });
  await house.settle();
  assert.equal(await delivered(), false);
  await house.must(
    (world, done) =>
      void world.login('bob', { form: 'plain', value: 'open sesame' }, done, { reachable: false, status: null }),
  );
  assert.equal(await delivered(), false);
  await house.login('bob');
  assert.equal(await delivered(), true);
  house.world.leave(bob, { type: 'left' });
  await house.settle();
  assert.equal(await delivered(), false, 'the connection that is left cannot show it');
  assert.equal((await history(house, bob, 'alice')).length, 7);
});

test('WORLD-84 T28 a blocked author’s message is kept and acknowledged, and shown to nobody but its author, for ever', async () => {
  const { house, alice, bob } = await houseWith('alice', 'bob');
  await said(house, alice, 'bob', 'before');
  await block(house, bob, 'alice');
  const { message, delivered } = await said(house, alice, 'bob', 'blocked');
  assert.equal(delivered, false);
  assert.equal(message.withheld, true);
  assert.equal(message.number, 2);
  const answer = await said(house, bob, 'alice', 'from bob');
  assert.equal(answer.delivered, true);
  assert.equal(answer.message.withheld, undefined);
  const edited = await house.must<Message>((world, done) => world.messages.edit(alice, message.id, 'edited', done));
  assert.equal(edited.withheld, true);
  const asBob = house.world.actor(bob) ?? operator;
  for (const id of [message.id, 'no such message'])
    assert.deepEqual(await house.ask((world, done) => world.messages.delete(asBob, id, done)), notFound);
  assert.deepEqual(await house.ask((world, done) => world.messages.edit(bob, message.id, 'his', done)), notFound);
  assert.deepEqual(await history(house, bob, 'alice'), ['from bob'], 'the blocked person’s words are left out');
  assert.deepEqual(await history(house, alice, 'bob'), ['before', 'edited', 'from bob']);
  await block(house, bob, 'alice', false);
  assert.deepEqual(await history(house, bob, 'alice'), ['before', 'from bob'], 'withheld for good');
  assert.equal(house.world.history.isHidden(bob, edited), true);
  assert.equal(house.world.history.isHidden(alice, edited), false);
  assert.equal((await said(house, alice, 'bob', 'after')).delivered, true);
  assert.equal((await house.ask((world, done) => world.messages.delete(operator, message.id, done))).ok, true);
});

test('WORLD-84 a message that is on its way when its author is blocked is decided on what is known then', async () => {
  const { house, alice, bob } = await houseWith('alice', 'bob');
  await said(house, alice, 'bob', 'hello');
  house.world.ties.set('block', bob, 'alice', true, () => {});
  const { message } = await said(house, alice, 'bob', 'too late');
  assert.equal(message.withheld, true);
});

test('WORLD-84 a block counts on every node as soon as it is set, whatever the nodes have heard of each other', async () => {
  const { clock, first, second } = await openTwo();
  const alice = await first.member('alice');
  await settle(clock);
  const bob = await second.member('bob');
  await settle(clock);
  await said(first, alice, 'bob', 'hello');
  await block(second, bob, 'alice');
  await block(second, bob, 'alice', false);
  for (const on of [true, false, true]) {
    await second.must((world, done) => {
      world.ties.set('block', bob, 'alice', on, done);
    });
    const { message } = await said(first, alice, 'bob', 'blocked?');
    assert.equal(message.withheld, on ? true : undefined);
  }
  const numbers = (await first.world.history.page(first.world.messages.directOf(alice, bob) ?? 0, null, 10)).messages;
  assert.deepEqual(
    numbers.map(({ number }) => number),
    [1, 2, 3, 4],
  );
});

test('WORLD-64 what is known of somebody away for a message’s sake is let go after it, and read again for the next', async () => {
  const { house, alice, bob, eve } = await houseWith('alice', 'bob', 'eve');
  await block(house, bob, 'eve');
  house.world.leave(bob, { type: 'left' });
  await house.settle();
  const { people } = house.world;
  for (const text of ['one', 'two']) {
    const { message } = await said(house, alice, 'bob', text);
    assert.equal(message.withheld, undefined);
    await house.settle();
    assert.deepEqual([...people.blocksOf(bob)], [], text);
  }
  assert.equal((await said(house, eve, 'bob', 'blocked')).message.withheld, true);
  const together = ['3', '4', '5'].map((text) => house.direct(alice, 'bob', text));
  assert.deepEqual(
    (await Promise.all(together)).map((result) => result.ok && result.value.message.number),
    [3, 4, 5],
  );
  await house.login('bob');
  await said(house, alice, 'bob', 'welcome back');
  await house.settle();
  assert.deepEqual([...people.blocksOf(bob)], [eve], 'who is here stays known');
});

test('WORLD-84 a message to the room of a conversation is withheld like one to the person', async () => {
  const { house, alice, bob, eve } = await houseWith('alice', 'bob', 'eve');
  const { room } = (await said(house, alice, 'bob', 'hello')).message;
  await block(house, bob, 'alice');
  house.world.leave(bob, { type: 'left' });
  await house.settle();
  const posted = await house.post(alice, 'blocked', room);
  assert.equal(posted.ok && posted.value.withheld, true);
  assert.deepEqual(await house.post(eve, 'intruding', room), notFound);
});

test('WORLD-84 what cannot be known of the other one is not guessed', async () => {
  const { house, alice, bob } = await houseWith('alice', 'bob');
  const { room } = (await said(house, alice, 'bob', 'hello')).message;
  house.world.leave(bob, { type: 'left' });
  await house.settle();
  house.storage.load = () => Promise.reject(new Error('the test says so'));
  assert.deepEqual(await house.post(alice, 'x', room), unavailable);
  assert.deepEqual(await house.direct(alice, 'bob', 'x'), unavailable);
});

test('WORLD-86 in the history of a room, what somebody says is left out for those who block them', async () => {
  const { house, alice, bob, eve } = await houseWith('alice', 'bob', 'eve');
  await house.post(alice, 'from alice');
  await house.post(eve, 'from eve');
  await block(house, bob, 'alice');
  const seen = async (person: PersonId) =>
    (
      await house.must<Excerpt>((world, done) => void world.history.of(person, 'group', 'lobby', null, 10, done))
    ).messages.map(({ text }) => text);
  assert.deepEqual(await seen(bob), ['from eve']);
  assert.deepEqual(await seen(alice), ['from alice', 'from eve']);
  assert.deepEqual(await seen(eve), ['from alice', 'from eve']);
});

test('WORLD-86 WORLD-87 what somebody blocks stays known while storage fails, and is read again after it', async () => {
  const { house, alice, bob } = await houseWith('alice', 'bob');
  await house.post(alice, 'from alice');
  await block(house, bob, 'alice');
  const { storage } = house;
  const append = storage.append.bind(storage);
  storage.append = async (batch) => batch.map(() => ({ type: 'unavailable', reason: 'the test says so' }));
  assert.deepEqual(await house.ask((world, done) => world.ties.set('contact', bob, 'alice', true, done)), unavailable);
  storage.append = append;
  assert.deepEqual([...house.world.people.blocksOf(bob)], [alice]);
  const page = await house.must<Excerpt>((world, done) => void world.history.of(bob, 'group', 'lobby', null, 10, done));
  assert.deepEqual(page.messages, []);
});

test('WORLD-71 T25 a conversation of others is not there', async () => {
  const { house, alice, eve } = await houseWith('alice', 'bob', 'eve');
  const { message } = await said(house, alice, 'bob', 'secret');
  const { room, id } = message;
  const { world } = house;
  const asks: readonly [string, Promise<unknown>][] = [
    ['post', house.post(eve, 'x', room)],
    ['join', house.ask((_, done) => world.rooms.join(eve, room, done))],
    ['leave', house.ask((_, done) => world.rooms.leave(eve, room, done))],
    ['mark', house.ask((_, done) => world.rooms.read(eve, room, 1, done))],
    ['read', house.ask((_, done) => void world.history.read(eve, room, null, 10, done))],
    ['edit', house.ask((_, done) => world.messages.edit(eve, id, 'x', done))],
    ['delete', house.ask((_, done) => world.messages.delete(world.actor(eve) ?? operator, id, done))],
  ];
  for (const [what, asked] of asks) assert.deepEqual(await asked, notFound, what);
  assert.equal(world.rooms.view(eve, room), undefined);
  assert.equal(world.rooms.isIn(eve, room), false);
  assert.equal(world.messages.directOf(eve, alice), undefined);
});

test('WORLD-80 a guest’s conversation is the account’s once the guest has registered', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  const guest = await house.enter('visitor');
  const { room } = (await said(house, guest, 'alice', 'hello')).message;
  const wanted = { name: 'bob', displayName: null, password: { form: 'plain', value: 'x' }, role: 'user' } as const;
  await house.must((world, done) => void world.accounts.register(world.actor(guest) ?? null, wanted, done));
  assert.equal((await said(house, alice, 'bob', 'hello bob')).message.room, room);
  const rooms = await house.world.rooms.of(guest);
  assert.deepEqual(
    rooms.map((one): [RoomId, boolean] => [one.room, one.direct]).toSorted(([a], [b]) => a - b),
    [[house.world.lobby, false] as [RoomId, boolean], [room, true] as [RoomId, boolean]].toSorted(([a], [b]) => a - b),
  );
});
