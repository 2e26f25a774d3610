import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { message } from '../../../testing/storage/samples.ts';
import { settle, TestWorld } from '../../../testing/world.ts';
import { decideCreateRoom } from '../commands/create-room.ts';
import { decideDeleteMessage } from '../commands/delete-message.ts';
import { decideJoinRoom } from '../commands/join-room.ts';
import { decideLeaveRoom } from '../commands/leave-room.ts';
import type { Actor, PersonActor } from '../engine/decide.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Member, MemberRole } from '../model/member.ts';
import type { Message } from '../model/message.ts';
import { openRoom, type RoomState } from '../state/room.ts';
import { loadState, States } from '../state/states.ts';
import { skeletonOf } from '../text/names/skeleton.ts';
import type { HistoryPage } from './history.ts';

const operator: Actor = { type: 'operator' };
const notFound = { ok: false, error: { type: 'not-found' } };
const notMember = { ok: false, error: { type: 'not-member' } };
const notAllowed = { ok: false, error: { type: 'not-allowed' } };
const guest = { ok: false, error: { type: 'guest' } };

async function openWith(...names: string[]) {
  const app = await TestWorld.open();
  const people: PersonId[] = [];
  for (const name of names) people.push(await app.member(name));
  const [alice = 0, bob = 0, eve = 0] = people;
  return { app, alice, bob, eve };
}

function join(app: TestWorld, person: PersonId, room: RoomId) {
  return app.ask<RoomId>((world, done) => world.rooms.join(person, room, done));
}

function leave(app: TestWorld, person: PersonId, room: RoomId) {
  return app.ask<RoomId>((world, done) => world.rooms.leave(person, room, done));
}

function read(app: TestWorld, person: PersonId, room: RoomId, number: number) {
  return app.ask<number>((world, done) => world.rooms.read(person, room, number, done));
}

async function mustPost(app: TestWorld, person: PersonId, room: RoomId, text = 'hello'): Promise<Message> {
  const result = await app.post(person, text, room);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

async function members(app: TestWorld, room: RoomId): Promise<readonly Member[]> {
  return (await app.storage.load(roomStream(room))).members;
}

test('WORLD-10 WORLD-51 a group cannot take the name of a room, an account or a present guest', async () => {
  const { app, alice } = await openWith('alice', 'bob');
  await app.enter('eve');
  const taken = { ok: false, error: { type: 'name-taken' } };
  const garden = await app.group(alice, 'garden');
  for (const name of ['garden', 'GARDEN', 'bob', 'eve', 'alice'])
    assert.deepEqual(await app.ask((world, done) => world.rooms.create(alice, name, null, false, done)), taken, name);
  assert.deepEqual(await app.ask((world, done) => world.rooms.create(alice, 'a;b', null, false, done)), {
    ok: false,
    error: { type: 'bad-name', problem: 'character' },
  });
  assert.equal(app.world.rooms.find('Garden'), garden);
  assert.equal(app.world.rooms.find('nowhere'), undefined);
  assert.equal(app.world.rooms.find('a;b'), undefined);
});

test('WORLD-101 WORLD-24 a silent guest loses the name to the group that is made with it; one who answers keeps it', async () => {
  const { app, alice } = await openWith('alice');
  const eve = await app.enter('eve');
  const create = (name: string) => app.ask<RoomId>((world, done) => world.rooms.create(alice, name, null, false, done));
  assert.deepEqual(await create('Eve'), { ok: false, error: { type: 'name-taken' } });
  app.observer.silent.add(eve);
  const asked = create('Eve');
  await settle(app.clock);
  app.clock.advance(2_999);
  await settle(app.clock);
  assert.ok(app.world.people.find('eve'));
  app.clock.advance(1);
  assert.equal((await asked).ok, true);
  assert.equal(app.world.people.find('eve'), undefined);
  assert.equal(app.world.actor(eve), undefined);
  assert.deepEqual(app.observer.ofType('person-left').at(-1)?.departure, { type: 'lost' });
  assert.deepEqual(await app.ask((world, done) => world.enter('eve', done)), {
    ok: false,
    error: { type: 'name-taken' },
  });
});

test('WORLD-101 a group that cannot be made costs a silent guest nothing', async () => {
  const { app } = await openWith('alice');
  const [eve, guestly] = [await app.enter('eve'), await app.enter('guestly')];
  app.observer.silent.add(eve);
  assert.deepEqual(await app.ask((world, done) => world.rooms.create(guestly, 'eve', null, false, done)), guest);
  app.clock.advance(10_000);
  await app.settle();
  assert.equal(app.world.people.find('eve')?.id, eve);
});

test('WORLD-10 of 50 groups made at once with one name one is made, and refused names are free again', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      app.ask((world, done) => world.rooms.create([alice, bob][index % 2] ?? 0, 'garden', null, false, done)),
    ),
  );
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  assert.deepEqual(await app.ask((world, done) => world.rooms.create(alice, 'shed', '\n', false, done)), {
    ok: false,
    error: { type: 'bad-display-name', problem: 'control' },
  });
  await app.settle();
  await app.enter('shed');
});

test('WORLD-06 one append writes a group to the directory, as a room and with its creator as owner', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const room = await app.must<RoomId>((world, done) => world.rooms.create(alice, 'garden', 'The garden', false, done));
  assert.deepEqual(await members(app, room), [
    { room, person: alice, name: 'alice', role: 'owner', other: null, since: 0 },
  ]);
  app.world.pinRoom(room);
  await app.world.useRooms([room], () => {});
  assert.deepEqual(app.world.rooms.view(bob, room), {
    id: room,
    name: 'garden',
    displayName: 'The garden',
    members: ['alice'],
    total: 1,
    member: false,
  });
  assert.deepEqual(app.world.history.conversation(room), { type: 'group', name: 'garden', lobby: false });
});

test('WORLD-70 members post and read in a room, other people do not', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const room = await app.group(alice, 'garden');
  await mustPost(app, alice, room);
  assert.deepEqual(await app.post(bob, 'hello', room), notMember);
  const history = (person: PersonId) =>
    app.ask((world, done) => world.history.of(person, 'group', 'garden', null, 10, done));
  assert.deepEqual(await history(bob), notMember);
  assert.deepEqual(await read(app, bob, room, 1), notMember);
  assert.deepEqual(await leave(app, bob, room), notMember);
  assert.equal((await join(app, bob, room)).ok, true);
  assert.equal(app.world.rooms.isIn(bob, room), true);
  assert.deepEqual([...app.world.rooms.members(room).keys()], [alice, bob]);
  assert.equal((await app.post(bob, 'hello', room)).ok, true);
  assert.equal((await history(bob)).ok, true);
  assert.equal((await leave(app, bob, room)).ok, true);
  assert.equal(app.world.rooms.isIn(bob, room), false);
  assert.deepEqual(await app.post(bob, 'hello', room), notMember);
  assert.deepEqual(await history(bob), notMember);
});

test('WORLD-70 a member reads the messages before a message, newest last, as many as asked for', async () => {
  const { app, alice } = await openWith('alice');
  const room = await app.group(alice, 'garden');
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three', 'four']) ids.push((await mustPost(app, alice, room, text)).id);
  const texts = async (before: string | null, limit: number) => {
    const page = await app.must<HistoryPage>((world, done) =>
      world.history.of(alice, 'group', 'GARDEN', before, limit, done),
    );
    assert.deepEqual(page.conversation, { type: 'group', name: 'garden', lobby: false });
    return page.messages.map(({ text }) => text);
  };
  assert.deepEqual(await texts(null, 2), ['three', 'four']);
  assert.deepEqual(await texts(ids[2] ?? '', 10), ['one', 'two']);
  assert.deepEqual(await texts(ids[2] ?? '', 1), ['two']);
  assert.deepEqual(await texts(ids[0] ?? '', 10), []);
});

test('WORLD-70 the lobby has its members, and every guest, though guests are not members', async () => {
  const { app, alice } = await openWith('alice');
  const one = await app.enter('one');
  const { world } = app;
  assert.equal((await app.post(one, 'hello')).ok, true);
  assert.equal(world.rooms.isInLobby(alice) && world.rooms.isInLobby(one), true);
  assert.equal(world.rooms.size(world.lobby), 2);
  assert.deepEqual(world.rooms.view(one, world.lobby)?.members, ['alice', 'one']);
  assert.deepEqual(
    [world.rooms.view(one, world.lobby)?.member, world.rooms.view(alice, world.lobby)?.member],
    [null, true],
  );
  assert.deepEqual(await world.rooms.of(one), [{ room: world.lobby, direct: false, since: null }]);
  assert.deepEqual(await world.rooms.of(alice), [{ room: world.lobby, direct: false, since: 0 }]);
  const alone = await TestWorld.open({ rules: { joinLobby: false } });
  const bob = await alone.member('bob');
  assert.equal(alone.world.rooms.isInLobby(bob), false);
  assert.deepEqual(await alone.world.rooms.of(bob), []);
});

test('WORLD-71 T25 to people who are not in it a closed room is refused like a room that does not exist', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const room = await app.group(alice, 'cellar', true);
  const { id } = await mustPost(app, alice, room);
  const { world } = app;
  for (const where of [room, 4711]) {
    assert.deepEqual(await app.post(bob, 'hello', where), notFound);
    assert.deepEqual(await join(app, bob, where), notFound);
    assert.deepEqual(await leave(app, bob, where), notFound);
    assert.deepEqual(await read(app, bob, where, 1), notFound);
    assert.deepEqual(await app.ask((_, done) => world.history.read(bob, where, null, 10, done)), notFound);
    assert.equal(world.rooms.view(bob, where), undefined);
  }
  for (const name of ['cellar', 'nowhere'])
    assert.deepEqual(await app.ask((_, done) => world.history.of(bob, 'group', name, null, 10, done)), notFound);
  assert.deepEqual(await app.ask((_, done) => world.history.of(bob, 'group', 'cellar', id, 10, done)), notFound);
  assert.equal(world.rooms.view(alice, room)?.member, true);
  assert.equal(world.rooms.view(await app.enter('guest'), room), undefined);
});

test('WORLD-72 T25 a person who is not in a room cannot find its messages to edit, delete or read before them', async () => {
  const { app, alice, bob, eve } = await openWith('alice', 'bob', 'eve');
  const open = await app.group(alice, 'garden');
  const closed = await app.group(alice, 'cellar', true);
  await app.direct(alice, 'bob', 'between us');
  const direct = (await app.world.rooms.of(alice)).find((one) => one.direct)?.room ?? 0;
  await app.must((world, done) => world.accounts.setRole(operator, eve, 'moderator', done));
  for (const room of [open, closed, direct]) {
    const { id } = await mustPost(app, alice, room);
    const position = app.world.position(room);
    const asEve = app.world.actor(eve) ?? operator;
    for (const unknown of [id, 'no such message']) {
      assert.deepEqual(await app.ask((world, done) => world.messages.edit(eve, unknown, 'mine', done)), notFound);
      assert.deepEqual(await app.ask((world, done) => world.messages.delete(asEve, unknown, done)), notFound);
    }
    assert.equal(app.world.position(room), position);
    assert.deepEqual(await app.ask((world, done) => world.history.of(bob, 'group', 'lobby', id, 10, done)), notFound);
  }
  const lost = { ok: false, error: { type: 'unavailable' } };
  app.storage.message = () => Promise.reject(new Error('the test says so'));
  assert.deepEqual(await app.ask((world, done) => world.history.of(bob, 'group', 'lobby', 'x', 10, done)), lost);
});

test('WORLD-73 guests neither make nor join groups, and a refused attempt leaves no trace', async () => {
  const { app, alice } = await openWith('alice');
  const garden = await app.group(alice, 'garden');
  const one = await app.enter('one');
  assert.deepEqual(await app.ask((world, done) => world.rooms.create(one, 'shed', null, false, done)), guest);
  assert.deepEqual(await join(app, one, garden), guest);
  assert.deepEqual(await join(app, one, app.world.lobby), guest);
  assert.deepEqual(await app.storage.positions([personStream(one)]), [0]);
  await app.settle();
  await app.group(alice, 'shed');
});

test('WORLD-20 a person who is not present makes, joins, leaves and reads nothing', async () => {
  const { app, alice } = await openWith('alice');
  const room = await app.group(alice, 'garden');
  const bob = await app.register('bob');
  assert.deepEqual(await app.ask((world, done) => world.rooms.create(bob, 'shed', null, false, done)), notAllowed);
  for (const ask of [join, leave]) assert.deepEqual(await ask(app, bob, room), notAllowed);
  assert.deepEqual(await read(app, bob, room, 1), notAllowed);
  assert.deepEqual(await app.ask((world, done) => world.history.read(bob, room, null, 1, done)), notAllowed);
  assert.equal(app.world.rooms.view(bob, room), undefined);
  await app.settle();
  await app.enter('shed');
});

test('WORLD-74 a person is in at most 100 groups; the lobby and directs do not count', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  await app.direct(alice, 'bob', 'hello');
  for (let count = 1; count < 100; count++) await app.group(alice, `group ${count}`.replace(' ', '-'));
  const extra = await app.group(bob, 'extra');
  const tooMany = { ok: false, error: { type: 'too-many', what: 'rooms' } };
  assert.equal((await join(app, alice, extra)).ok, true, 'the hundredth');
  const other = await app.group(bob, 'other');
  assert.deepEqual(await join(app, alice, other), tooMany);
  assert.deepEqual(await app.ask((world, done) => world.rooms.create(alice, 'more', null, false, done)), tooMany);
  assert.equal((await join(app, alice, extra)).ok, true, 'already a member');
  assert.equal((await app.direct(alice, 'bob', 'still')).ok, true);
  assert.equal((await leave(app, alice, extra)).ok, true);
  assert.equal((await join(app, alice, other)).ok, true);
});

/** A room with `size` members, and what deciding commands about it needs. */
async function crowd(size: number, change: (person: PersonId) => Partial<Member> = () => ({})) {
  const app = await TestWorld.open();
  const states = new States();
  const id = 4711;
  const snapshot = await app.storage.load(roomStream(id));
  const people = Array.from({ length: size }, (_, index) => index + 1);
  const members = people.map((person): Member => {
    return { room: id, person, name: `p${person}`, role: 'member', other: null, since: 0, ...change(person) };
  });
  const room = openRoom(id, { ...snapshot, room: { id, identity: 'i', name: 'crowd' }, members });
  const changeRoom = (changes: Partial<RoomState>) =>
    states.put(roomStream(id), { kind: 'room', value: { ...room, ...changes } });
  changeRoom({});
  const actorOf = async (person: PersonId): Promise<PersonActor> => {
    states.put(personStream(person), await loadState(app.storage, personStream(person)));
    return { type: 'person', person: { id: person, name: `p${person}` }, skeleton: `p${person}`, role: 'user' };
  };
  const context = { now: 0, ids: { message: String, integer: Number, identity: String }, lobby: app.world.lobby };
  return { app, states, room, changeRoom, actorOf, context };
}

test('WORLD-74 a group has at most 5,000 members, the lobby any number', async () => {
  const { states, room, changeRoom, actorOf, context } = await crowd(4_999);
  const [next, late] = [await actorOf(5_000), await actorOf(5_001)];
  const joining = (actor: PersonActor, lobby = context.lobby) =>
    decideJoinRoom(states, { type: 'join-room', actor, room: room.id }, { ...context, lobby });
  assert.equal(joining(next).ok, true);
  const last: Member = { room: room.id, person: 5_000, name: 'p', role: 'member', other: null, since: 0 };
  changeRoom({ members: room.members.with(last) });
  assert.deepEqual(joining(late), { ok: false, error: { type: 'too-many', what: 'members' } });
  assert.equal(joining(late, room.id).ok, true);
});

test('WORLD-75 joining again changes nothing, also in a closed room', async () => {
  const { app, alice } = await openWith('alice');
  for (const closed of [false, true]) {
    const room = await app.group(alice, closed ? 'cellar' : 'garden', closed);
    const position = app.world.position(room);
    assert.deepEqual(await join(app, alice, room), { ok: true, value: room });
    assert.equal(app.world.position(room), position);
    assert.equal((await members(app, room))[0]?.role, 'owner');
  }
});

test('WORLD-76 nobody leaves the lobby or a direct', async () => {
  const { app, alice } = await openWith('alice', 'bob');
  await app.direct(alice, 'bob', 'hello');
  const rooms = (await app.world.rooms.of(alice)).map(({ room }) => room);
  assert.equal(rooms.length, 2);
  for (const room of rooms) assert.deepEqual(await leave(app, alice, room), notAllowed);
  assert.deepEqual(await leave(app, await app.enter('one'), app.world.lobby), notMember);
});

test('WORLD-77 when the last owner leaves, the earliest moderator, else the earliest member, owns the room', async () => {
  const roles = (owner: MemberRole, third: MemberRole) => (person: PersonId) => ({
    role: ([owner, 'member', third, 'moderator'] as const)[person - 1] ?? 'member',
    since: [0, 3, 9, 9, 2][person - 1] ?? 0,
  });
  const heir = async (size: number, leaver: PersonId, change: (person: PersonId) => Partial<Member>) => {
    const { states, room, actorOf, context } = await crowd(size, change);
    const command = { type: 'leave-room', actor: await actorOf(leaver), room: room.id } as const;
    const decision = decideLeaveRoom(states, command, context);
    assert.ok(decision.ok);
    const entries = decision.value.writes.flatMap((write) => write.entries);
    assert.deepEqual(
      entries.map(({ type }) => type).filter((type) => type !== 'member-changed'),
      ['member-left', 'room-left'],
    );
    const changed = entries.find(({ type }) => type === 'member-changed');
    return changed?.type === 'member-changed' ? [changed.member.person, changed.member.role] : null;
  };
  const members = (person: PersonId): Partial<Member> => ({
    role: person === 1 ? 'owner' : 'member',
    since: 9 - person,
  });
  assert.deepEqual(await heir(5, 1, members), [5, 'owner'], 'the lowest message number counts, not the lowest id');
  assert.deepEqual(await heir(5, 1, roles('owner', 'moderator')), [3, 'owner'], 'the moderator with the lower number');
  assert.deepEqual(await heir(5, 1, roles('owner', 'member')), [4, 'owner'], 'the only moderator');
  assert.deepEqual(await heir(3, 1, roles('owner', 'member')), [2, 'owner'], 'the earliest member');
  assert.deepEqual(await heir(5, 1, roles('owner', 'owner')), null, 'another owner stays');
  assert.deepEqual(await heir(5, 2, roles('owner', 'member')), null, 'the leaver is no owner');
  assert.deepEqual(await heir(1, 1, roles('owner', 'member')), null, 'nobody is left');
});

test('WORLD-77 the new owner has the rights of an owner, also after a restart', async () => {
  const { app, alice, bob, eve } = await openWith('alice', 'bob', 'eve');
  const room = await app.group(alice, 'garden');
  await join(app, bob, room);
  await mustPost(app, bob, room);
  await join(app, eve, room);
  const { id } = await mustPost(app, eve, room);
  await leave(app, alice, room);
  assert.deepEqual(
    (await members(app, room)).map(({ person, role }) => [person, role]),
    [
      [bob, 'owner'],
      [eve, 'member'],
    ],
  );
  const again = await TestWorld.open({ storage: app.storage, ids: countingIds(2) });
  await again.login('bob');
  const asBob = again.world.actor(bob) ?? operator;
  assert.equal((await again.ask((world, done) => world.messages.delete(asBob, id, done))).ok, true);
});

test('WORLD-78 a read position never goes back, nor beyond the last message', async () => {
  const { app, alice, bob } = await openWith('alice', 'bob');
  const room = await app.group(alice, 'garden');
  await join(app, bob, room);
  for (const text of ['one', 'two', 'three']) await mustPost(app, alice, room, text);
  const stream = personStream(bob);
  const position = async () => (await app.storage.positions([stream]))[0] ?? 0;
  const before = await position();
  const steps = [
    [2, 2],
    [1, 2],
    [2, 2],
    [-5, 2],
    [99, 3],
    [99, 3],
  ] as const;
  for (const [asked, value] of steps) assert.deepEqual(await read(app, bob, room, asked), { ok: true, value });
  assert.equal((await position()) - before, 2, 'only a move is written');
  await mustPost(app, alice, room, 'four');
  const both = await Promise.all([read(app, bob, room, 4), read(app, bob, room, 1)]);
  assert.deepEqual(
    both.map((result) => result.ok && result.value),
    [4, 4],
  );
  assert.deepEqual((await app.storage.load(stream)).read, [{ person: bob, room, number: 4 }]);
  const again = await TestWorld.open({ storage: app.storage, ids: countingIds(2) });
  await again.login('bob');
  assert.deepEqual(await read(again, bob, room, 3), { ok: true, value: 4 });
});

test('WORLD-79 present members are named first, at most 1,000 are named, and all are counted', async () => {
  const { app, alice, bob, eve } = await openWith('alice', 'bob', 'eve');
  const room = await app.group(alice, 'garden');
  for (const person of [bob, eve]) await join(app, person, room);
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual(app.world.rooms.view(bob, room)?.members, ['bob', 'eve', 'alice']);
  const guests = await Promise.all(Array.from({ length: 1_000 }, (_, index) => app.enter(`guest-${index}`)));
  const view = app.world.rooms.view(bob, app.world.lobby);
  assert.equal(view?.members.length, 1_000);
  assert.equal(view?.total, 1_003);
  assert.deepEqual(view?.members.slice(0, 3), ['bob', 'eve', 'guest-0']);
  app.world.leave(guests[0] ?? 0, { type: 'left' });
  await settle(app.clock);
  assert.equal(app.world.rooms.view(bob, app.world.lobby)?.total, 1_002);
});

test('WORLD-35 in a room its owner and the server’s moderators who are in it delete messages of others', async () => {
  const { app, alice, bob, eve } = await openWith('alice', 'bob', 'eve');
  const room = await app.group(alice, 'garden');
  for (const person of [bob, eve]) await join(app, person, room);
  const remove = async (person: PersonId, author: PersonId) => {
    const { id } = await mustPost(app, author, room);
    return app.ask((world, done) => world.messages.delete(app.world.actor(person) ?? operator, id, done));
  };
  assert.deepEqual(await remove(bob, eve), notAllowed);
  assert.equal((await remove(alice, eve)).ok, true);
  assert.equal((await remove(bob, bob)).ok, true);
  await app.must((world, done) => world.accounts.setRole(operator, bob, 'moderator', done));
  assert.equal((await remove(bob, alice)).ok, true);
});

test('WORLD-35 a room’s moderators delete messages of others, members do not, and in a direct neither do', async () => {
  const { states, room, changeRoom, actorOf, context } = await crowd(3, (person) => ({
    role: (['member', 'moderator', 'owner'] as const)[person - 1] ?? 'member',
  }));
  const found = message(room.id, 1, 1, 'by another person');
  const may = async (person: PersonId) =>
    decideDeleteMessage(states, { type: 'delete-message', actor: await actorOf(person), found }, context).ok;
  assert.deepEqual([await may(1), await may(2), await may(3)], [false, true, true]);
  const person = (id: PersonId) => ({ id, name: `p${id}` });
  changeRoom({ row: { id: room.id, identity: 'i', name: '', people: [person(1), person(2)] } });
  assert.deepEqual([await may(1), await may(2), await may(3)], [false, false, false]);
  assert.equal(decideDeleteMessage(states, { type: 'delete-message', actor: operator, found }, context).ok, true);
});

test('WORLD-10 WORLD-74 a refused group writes nothing', async () => {
  const { app, alice } = await openWith('alice');
  const positions = () => app.storage.positions([directoryStream, personStream(alice), roomStream(app.world.lobby)]);
  const before = await positions();
  const states = new States();
  for (const stream of [directoryStream, personStream(alice), roomStream(4711)])
    states.put(stream, await loadState(app.storage, stream));
  const creator = app.world.actor(alice) ?? null;
  const context = { now: 0, ids: { message: String, integer: Number, identity: String }, lobby: app.world.lobby };
  const wanted = { type: 'create-room', room: 4711, displayName: 'x', closed: false, creator, members: [] } as const;
  const named = (name: string) =>
    decideCreateRoom(states, { ...wanted, name: { spelling: name, skeleton: skeletonOf(name) } }, context);
  assert.deepEqual(named('alice'), { ok: false, error: { type: 'name-taken' } });
  const garden = named('garden');
  assert.deepEqual(
    garden.ok && garden.value.writes.map(({ stream, entries }) => [stream, entries.map(({ type }) => type)]),
    [
      ['directory', ['name-taken']],
      ['room/4711', ['room-created', 'member-joined']],
      [personStream(alice), ['room-joined']],
    ],
  );
  for (const name of ['alice', 'lobby'])
    await app.ask((world, done) => world.rooms.create(alice, name, null, false, done));
  assert.deepEqual(await positions(), before);
});
