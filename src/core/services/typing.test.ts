import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { openTwoWorlds, TestWorld } from '../../../testing/world.ts';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import type { BusMessage } from '../model/bus-message.ts';
import type { Event } from '../model/events.ts';
import type { PersonId, RoomId } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { Bus } from '../ports.ts';
import type { Status } from '../text/status.ts';

const OK = { ok: true, value: undefined };
const refused = (type: string) => ({ ok: false, error: { type } });

const show = (app: TestWorld, person: PersonId, room: RoomId, isTyping = true) =>
  app.ask<void>((world, done) => world.typing.show(person, room, isTyping, done));

/** Who was shown to be typing, and not to be typing any more, in this world. */
function shown({ observer }: TestWorld): string[] {
  return observer.ofType('person-typing').map(({ person, isTyping }) => `${person.name} ${isTyping}`);
}

/** A world whose bus messages about typing are kept. */
async function listening() {
  const bus = new MemoryBus();
  const told: BusMessage[] = [];
  const app = await TestWorld.open({ bus: bus.join() });
  const other = bus.join();
  /** From now on, what is told of typing in this room is kept. */
  const listen = (room: RoomId) =>
    other.subscribe(`room/${room}`, (message) => message.type === 'typing' && told.push(message));
  listen(app.world.lobby);
  return { app, told, listen };
}

test('WORLD-190 typing is an event that is complete, has no position and is stored nowhere', async () => {
  const { app, told, listen } = await listening();
  const [alice, bob] = [await app.member('alice'), await app.member('bob')];
  const { lobby } = app.world;
  await app.direct(alice, 'bob', 'hello');
  const direct = app.world.messages.directOf(alice, bob) ?? assert.fail();
  listen(direct);
  await app.must<Status>((world, done) => world.setStatus(alice, 'Busy', done));
  const before = [app.world.position(lobby), await app.storage.entries(`person/${alice}`, 0, 100)];
  app.observer.events.length = 0;
  assert.deepEqual(await show(app, alice, lobby), OK);
  assert.deepEqual(await show(app, alice, direct, false), OK);
  const people = [
    { id: alice, name: 'alice' },
    { id: bob, name: 'bob' },
  ];
  assert.deepEqual(app.observer.events, [
    {
      type: 'person-typing',
      room: lobby,
      conversation: { type: 'group', name: 'lobby', lobby: true },
      person: people[0],
      isTyping: true,
    },
    {
      type: 'person-typing',
      room: direct,
      conversation: { type: 'direct', people },
      person: people[0],
      isTyping: false,
    },
  ]);
  assert.deepEqual([app.world.position(lobby), await app.storage.entries(`person/${alice}`, 0, 100)], before);
  assert.equal(told.length, 2);
});

test('WORLD-191 WORLD-13 typing is shown at its place among messages and departures, after it was answered', async () => {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.enter('alice'), await app.enter('bob')];
  const { lobby } = app.world;
  app.observer.events.length = 0;
  const order: string[] = [];
  const { deliver } = app.observer;
  const text = (event: Event) => (event.type === 'message-posted' ? event.message.text : event.type);
  app.observer.deliver = (events) => {
    order.push(...events.map(text));
    deliver.call(app.observer, events);
  };
  await app.must<Message>((world, done) => {
    const post = (name: string, then: (result: { ok: boolean }) => void) =>
      world.messages.post(alice, lobby, { text: name, clientTime: null }, (result) => {
        order.push(`answer ${name}`);
        then(result);
      });
    const type = (isTyping: boolean) => world.typing.show(alice, lobby, isTyping, () => order.push('answer typing'));
    type(true);
    post('one', () => {});
    type(true);
    type(false);
    world.leave(bob, { type: 'left' });
    world.messages.post(alice, lobby, { text: 'two', clientTime: null }, done);
  });
  await app.settle();
  assert.deepEqual(order, [
    'answer typing',
    'answer one',
    'answer typing',
    'answer typing',
    'person-typing',
    'one',
    'person-typing',
    'person-typing',
    'person-left',
    'two',
  ]);
});

test('WORLD-192 WORLD-20 WORLD-70 WORLD-71 who may not post in a room may not type there', async () => {
  const { app, told, listen } = await listening();
  const [alice, bob, guest] = [await app.member('alice'), await app.member('bob'), await app.enter('gus')];
  const [open, closed] = [await app.group(alice, 'open'), await app.group(alice, 'closed', true)];
  const { lobby } = app.world;
  await app.direct(alice, 'bob', 'hello');
  const direct = app.world.messages.directOf(alice, bob) ?? assert.fail();
  for (const room of [open, closed, direct]) listen(room);
  assert.deepEqual(await show(app, bob, open), refused('not-member'));
  assert.deepEqual(await show(app, bob, closed), refused('not-found'));
  assert.deepEqual(await show(app, bob, 987_654), refused('not-found'));
  assert.deepEqual(await show(app, guest, direct), refused('not-found'));
  assert.deepEqual(await show(app, 987_654, lobby), refused('not-allowed'));
  for (const [person, room] of [
    [guest, lobby],
    [alice, closed],
    [bob, direct],
  ] as const)
    assert.deepEqual(await show(app, person, room), OK);
  assert.deepEqual(shown(app), ['gus true', 'alice true', 'bob true']);
  await app.must<RoomId>((world, done) => world.rooms.join(bob, open, done));
  assert.deepEqual(await show(app, bob, open), OK);
  await app.must<RoomId>((world, done) => world.management.mute(alice, open, bob, { until: null }, done));
  assert.deepEqual(await show(app, bob, open), refused('muted'));
  assert.deepEqual(await show(app, bob, open, false), refused('muted'));
  await app.must<RoomId>((world, done) => world.management.mute(alice, open, bob, null, done));
  assert.deepEqual(await show(app, bob, open), OK);
  await app.must<RoomId>((world, done) => world.rooms.leave(bob, open, done));
  assert.deepEqual(await show(app, bob, open), refused('not-member'));
  await app.must((world, done) =>
    world.moderation.ban({ type: 'operator' }, 'bob', 'spam', null, (result) => done(result)),
  );
  assert.deepEqual(await show(app, bob, lobby), refused('not-allowed'));
  assert.equal(shown(app).length, 5);
  assert.equal(told.length, 5, 'other nodes are told no more');
});

test('WORLD-192 a room that is not in memory is loaded for that, and leaves memory again', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const room = await app.must<RoomId>((world, done) => world.rooms.create(alice, 'garden', null, false, done));
  assert.equal(app.world.position(room), 0);
  assert.deepEqual(await show(app, alice, room), OK);
  await app.settle();
  assert.equal(app.world.position(room), 0);
  assert.deepEqual(shown(app), ['alice true']);
});

test('WORLD-50 a world that stops takes no typing', async () => {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  await app.world.stop();
  assert.deepEqual(await show(app, alice, app.world.lobby), refused('stopping'));
});

test('WORLD-193 WORLD-62 an invisible person types unseen', async () => {
  const { app, told } = await listening();
  const alice = await app.member('alice');
  await app.must<Status>((world, done) => world.setStatus(alice, 'Offline', done));
  assert.deepEqual(await show(app, alice, app.world.lobby), OK);
  assert.deepEqual([shown(app), told], [[], []]);
  await app.must<Status>((world, done) => world.setStatus(alice, 'Away', done));
  assert.deepEqual(await show(app, alice, app.world.lobby), OK);
  assert.deepEqual([shown(app), told.length], [['alice true'], 1]);
});

test('WORLD-194 another node shows typing in rooms that it has in memory, if it knows the person to be in them', async () => {
  const { first, second, bus } = await openTwoWorlds();
  const alice = await first.member('alice');
  const room = await first.group(alice, 'garden');
  const { lobby } = first.world;
  await show(first, alice, lobby);
  await show(first, alice, lobby, false);
  await show(first, alice, room);
  await second.settle();
  assert.deepEqual(shown(first), ['alice true', 'alice false', 'alice true']);
  assert.deepEqual(shown(second), ['alice true', 'alice false'], 'not in a room that nobody shows there');
  second.world.pinRoom(room);
  await second.world.useRooms([room], () => {});
  await show(first, alice, room);
  await second.settle();
  assert.equal(shown(second).length, 3);
  const forger = bus.join();
  const report = (person: PersonId) => ({ person, room, position: 1, isTyping: true });
  const bob = await first.member('bob');
  for (const person of [bob, 987_654])
    forger.publish(`room/${room}`, { type: 'typing', node: 'forger', report: report(person) });
  await second.settle();
  assert.equal(shown(second).length, 3, 'bob is not in it, and nobody has that id');
});

/** Two worlds over one storage. Of what the first one tells, `loses` is lost, and `hold` keeps typing back from the second. */
async function unlikeWorlds(loses: BusMessage['type'] | null) {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const held: BusMessage[] = [];
  const shared = { clock, names: new MemoryNames() };
  const storage = new MemoryStorage(clock);
  const member = bus.join();
  const lossy: Bus = {
    ...member,
    publish: (subject, message) => {
      if (message.type === 'typing') held.push(message);
      else if (message.type !== loses) member.publish(subject, message);
    },
  };
  const first = await TestWorld.open({ ...shared, storage, bus: lossy, ids: countingIds(1) });
  const second = await TestWorld.open({ ...shared, storage: storage.join(), bus: bus.join(), ids: countingIds(2) });
  const [alice, bob] = [await first.enter('alice'), await first.enter('bob')];
  await second.settle();
  second.observer.events.length = 0;
  /** The second world is told of the typing that was held back, this one or all. */
  const tell = async (...indexes: readonly number[]) => {
    for (const index of indexes) member.publish(`room/${first.world.lobby}`, held[index] ?? assert.fail());
    await second.settle();
    return second.observer.events.splice(0).map((event) => {
      if (event.type === 'person-typing') return `${event.person.name} types`;
      return event.type === 'message-posted' ? event.message.text : event.type;
    });
  };
  return { first, second, alice, bob, tell, lobby: first.world.lobby };
}

test('WORLD-195 typing that comes late is not shown after a later message of its person', async () => {
  const { first, alice, bob, tell, lobby } = await unlikeWorlds(null);
  await show(first, alice, lobby);
  await show(first, bob, lobby);
  await first.post(alice, 'one');
  await show(first, alice, lobby);
  assert.deepEqual(await tell(1, 0), ['one', 'bob types'], 'alice has posted since, bob has not');
  assert.deepEqual(await tell(2), ['alice types'], 'she types again');
  const edit = first.world.history.page(lobby, null, 1).then(({ messages }) => messages[0]?.id ?? '');
  const id = await edit;
  await first.must<Message>((world, done) => world.messages.edit(alice, id, 'changed', done));
  assert.deepEqual(await tell(2), ['message-edited', 'alice types'], 'an edit is no new message');
});

test('WORLD-195 typing comes after the messages before it, also if those were lost on the bus', async () => {
  const { first, alice, tell, lobby } = await unlikeWorlds('entries');
  await first.post(alice, 'one');
  await first.post(alice, 'two');
  await show(first, alice, lobby);
  assert.deepEqual(await tell(), [], 'the second world knows nothing of them yet');
  assert.deepEqual(await tell(0), ['one', 'two', 'alice types']);
});
