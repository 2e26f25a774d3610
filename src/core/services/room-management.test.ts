import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { PersonId, RoomId } from '../model/ids.ts';
import type { MemberRole } from '../model/member.ts';
import type { Message } from '../model/message.ts';

const done = (room: RoomId) => ({ ok: true, value: room });
const refused = (type: string) => ({ ok: false, error: { type } });

/** A group of alice, its owner; mod, a moderator; bob and carol, members; dora is outside, root moderates the server. */
async function scene(closed = false) {
  const app = await TestWorld.open();
  const people = ['alice', 'mod', 'bob', 'carol', 'dora', 'root'] as const;
  const ids: PersonId[] = [];
  for (const name of people) ids.push(await app.member(name));
  const [alice = 0, mod = 0, bob = 0, carol = 0, dora = 0, root = 0] = ids;
  await app.must((world, answer) => world.accounts.setRole({ type: 'operator' }, root, 'moderator', answer));
  const room = await app.must<RoomId>((world, answer) =>
    world.rooms.createTitled(alice, { displayName: 'Garden', closed, members: [mod, bob, carol] }, answer),
  );
  await app.world.reader.holdRoom(room);
  const { management } = app.world;
  const ask = <T>(run: (answer: Parameters<Parameters<typeof app.ask<T>>[0]>[1]) => void) =>
    app.ask<T>((_world, answer) => run(answer));
  const actions = {
    rename: (person: PersonId, name: string, expected?: number) =>
      ask<RoomId>((answer) => management.rename(person, room, name, answer, expected)),
    add: (person: PersonId, other: PersonId) =>
      ask<RoomId>((answer) => management.addMember(person, room, other, answer)),
    remove: (person: PersonId, other: PersonId) =>
      ask<RoomId>((answer) => management.removeMember(person, room, other, answer)),
    role: (person: PersonId, other: PersonId, role: MemberRole) =>
      ask<RoomId>((answer) => management.setRole(person, room, other, role, answer)),
    mute: (person: PersonId, other: PersonId, mute: { until: number | null } | null) =>
      ask<RoomId>((answer) => management.mute(person, room, other, mute, answer)),
    post: (person: PersonId) =>
      app.ask<Message>((world, answer) => world.messages.post(person, room, { text: 'hi', clientTime: null }, answer)),
  };
  const facts = () => app.world.reader.room(room) ?? assert.fail('the room is not in memory');
  assert.deepEqual(await actions.role(alice, mod, 'moderator'), done(room));
  return { app, room, facts, alice, mod, bob, carol, dora, root, ...actions };
}

test('WORLD-180 who moderates a group renames it, and its name stays', async () => {
  const { room, facts, alice, mod, bob, dora, root, rename } = await scene();
  for (const person of [alice, mod]) assert.deepEqual(await rename(person, `By ${person}`), done(room));
  assert.deepEqual(await rename(bob, 'By bob'), refused('not-allowed'));
  for (const person of [dora, root]) assert.deepEqual(await rename(person, 'From outside'), refused('not-member'));
  assert.equal((await rename(alice, 'a\nb')).ok, false);
  assert.deepEqual([facts().row.name, facts().row.displayName], ['Garden', `By ${mod}`]);
  assert.deepEqual(await rename(alice, 'Garden'), done(room));
  assert.equal(facts().row.displayName, undefined);
});

test('WORLD-180 the lobby is renamed by those who moderate the server, a direct by nobody', async () => {
  const { app, alice, bob, root } = await scene();
  const rename = (person: PersonId, room: RoomId) =>
    app.ask<RoomId>((world, answer) => world.management.rename(person, room, 'Hall', answer));
  assert.deepEqual(await rename(alice, app.world.lobby), refused('not-allowed'));
  assert.deepEqual(await rename(root, app.world.lobby), done(app.world.lobby));
  const direct = await app.must<RoomId>((world, answer) => world.messages.directWith(alice, bob, answer));
  assert.deepEqual(await rename(alice, direct), refused('not-allowed'));
  assert.deepEqual(await rename(root, direct), refused('not-found'));
});

test('WORLD-181 a name that changed after the old one was seen is a conflict; messages are none', async () => {
  const { room, facts, alice, rename, post } = await scene();
  const seen = facts().position;
  await post(alice);
  assert.deepEqual(await rename(alice, 'First', seen), done(room));
  assert.deepEqual(await rename(alice, 'Second', seen), refused('conflict'));
  assert.equal(facts().row.displayName, 'First');
  assert.deepEqual(await rename(alice, 'Second', facts().position), done(room));
});

test('WORLD-182 everybody in an open group makes others members, in a closed one who moderates it', async () => {
  for (const closed of [false, true]) {
    const { app, room, alice, mod, bob, dora, root, add, post } = await scene(closed);
    const [guest, erik] = [await app.enter('guest'), await app.member('erik')];
    assert.deepEqual(await add(dora, erik), refused(closed ? 'not-found' : 'not-member'));
    assert.deepEqual(await add(bob, dora), closed ? refused('not-allowed') : done(room));
    assert.deepEqual(await add(mod, dora), done(room));
    assert.deepEqual(await add(alice, dora), done(room));
    assert.equal((await post(dora)).ok, true);
    for (const nobody of [guest, 12_345]) assert.deepEqual(await add(alice, nobody), refused('not-found'));
    await app.must((world, answer) => world.relationships.set('block', root, 'alice', true, answer));
    assert.deepEqual(await add(alice, root), refused('not-allowed'));
    assert.deepEqual(await add(mod, root), done(room));
  }
});

test('WORLD-74 WORLD-182 nobody is made a member of more groups than a person may join', async () => {
  const { app, dora, alice, add } = await scene();
  for (let index = 0; index < 100; index++) await app.group(dora, `group ${index}`.replace(' ', '-'));
  assert.deepEqual(await add(alice, dora), { ok: false, error: { type: 'too-many', what: 'rooms' } });
});

test('WORLD-183 only somebody of higher rank removes a member, who is shown nothing more', async () => {
  const { app, room, facts, alice, mod, bob, carol, dora, root, remove, add, post } = await scene();
  for (const [actor, other] of [
    [bob, carol],
    [bob, mod],
    [bob, bob],
    [mod, alice],
    [mod, mod],
    [alice, alice],
  ] as const)
    assert.deepEqual(await remove(actor, other), refused('not-allowed'), `${actor} ${other}`);
  assert.deepEqual(await remove(root, bob), refused('not-member'));
  assert.deepEqual(await remove(mod, dora), refused('not-found'));
  assert.deepEqual(await remove(mod, bob), done(room));
  assert.deepEqual(await post(bob), refused('not-member'));
  assert.equal(app.world.rooms.joined(bob).includes(room), false);
  assert.deepEqual(await remove(alice, mod), done(room));
  await add(alice, root);
  assert.deepEqual(await remove(root, alice), done(room));
  assert.deepEqual(
    [...facts().members.values()].map(({ person, role }) => [person, role]),
    [
      [carol, 'owner'],
      [root, 'member'],
    ],
  );
});

test('WORLD-183 nobody is removed from the lobby or from a direct', async () => {
  const { app, alice, bob, root } = await scene();
  const remove = (person: PersonId, room: RoomId) =>
    app.ask<RoomId>((world, answer) => world.management.removeMember(person, room, bob, answer));
  assert.deepEqual(await remove(root, app.world.lobby), refused('not-allowed'));
  const direct = await app.must<RoomId>((world, answer) => world.messages.directWith(alice, bob, answer));
  assert.deepEqual(await remove(alice, direct), refused('not-allowed'));
});

test('WORLD-184 owners give roles, and the last owner stays one', async () => {
  const { facts, room, alice, mod, bob, dora, role } = await scene();
  assert.deepEqual(await role(mod, bob, 'moderator'), refused('not-allowed'));
  assert.deepEqual(await role(alice, dora, 'moderator'), refused('not-found'));
  assert.deepEqual(await role(alice, alice, 'member'), refused('not-allowed'));
  assert.deepEqual(await role(alice, bob, 'owner'), done(room));
  assert.deepEqual(await role(bob, alice, 'member'), done(room));
  assert.deepEqual(await role(alice, bob, 'member'), refused('not-allowed'));
  assert.equal(facts().members.get(bob)?.role, 'owner');
});

test('WORLD-185 WORLD-33 a muted member does not write until the mute ends or is lifted', async () => {
  const { app, room, alice, mod, bob, mute, post } = await scene();
  assert.deepEqual(await mute(bob, mod, { until: null }), refused('not-allowed'));
  assert.deepEqual(await mute(mod, bob, { until: null }), done(room));
  assert.deepEqual(await post(bob), refused('muted'));
  assert.deepEqual(await mute(bob, bob, null), refused('not-allowed'));
  assert.deepEqual(await mute(alice, bob, null), done(room));
  assert.equal((await post(bob)).ok, true);
  assert.deepEqual(await mute(alice, bob, null), done(room));
  assert.deepEqual(await mute(mod, bob, { until: app.clock.now() + 1_000 }), done(room));
  assert.deepEqual(await post(bob), refused('muted'));
  app.clock.advance(1_000);
  assert.equal((await post(bob)).ok, true);
});
