import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { TestWorld } from '../../../testing/world.ts';
import type { RoomBan } from '../model/entries.ts';
import { type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';

const done = (room: RoomId) => ({ ok: true, value: room });
const refused = (type: string) => ({ ok: false, error: { type } });
const banned = (reason: string) => ({ ok: false, error: { type: 'banned', reason } });

/** A group of alice, its owner; mod, a moderator; bob, a member; dora is outside, root moderates the server. */
async function scene(closed = false) {
  const app = await TestWorld.open();
  const ids: PersonId[] = [];
  for (const name of ['alice', 'mod', 'bob', 'dora', 'root']) ids.push(await app.member(name));
  const [alice = 0, mod = 0, bob = 0, dora = 0, root = 0] = ids;
  await app.must((world, answer) => world.accounts.setRole({ type: 'operator' }, root, 'moderator', answer));
  const room = await app.must<RoomId>((world, answer) =>
    world.rooms.createTitled(alice, { displayName: 'Garden', closed, members: [mod, bob] }, answer),
  );
  await app.must<RoomId>((world, answer) => world.management.setRole(alice, room, mod, 'moderator', answer));
  await app.world.reader.holdRoom(room);
  const ban = (person: PersonId, other: PersonId, what: Partial<RoomBan> | null = {}, where = room) =>
    app.ask<RoomId>((world, answer) =>
      world.management.ban(person, where, other, what && { reason: 'spam', until: null, ...what }, answer),
    );
  const join = (person: PersonId) => app.ask<RoomId>((world, answer) => world.rooms.join(person, room, answer));
  const add = (person: PersonId, other: PersonId) =>
    app.ask<RoomId>((world, answer) => world.management.addMember(person, room, other, answer));
  const members = () => [...app.world.rooms.members(room).keys()];
  return { app, room, alice, mod, bob, dora, root, ban, join, add, members };
}

test('WORLD-186 WORLD-06 a ban ends the membership by the same append, and the person can neither join nor be added', async () => {
  const { app, room, alice, mod, bob, ban, join, add, members } = await scene();
  const [position] = await app.storage.positions([roomStream(room)]);
  app.observer.batches.length = 0;
  assert.deepEqual(await ban(mod, bob), done(room));
  assert.deepEqual(
    app.observer.batches.map((batch) => batch.map(({ type }) => type)),
    [['member-banned', 'member-left']],
  );
  assert.deepEqual(members(), [alice, mod]);
  assert.deepEqual(await app.storage.positions([roomStream(room)]), [(position ?? 0) + 2]);
  const { memberships } = await app.storage.load(personStream(bob));
  assert.deepEqual(
    memberships.map((one) => one.room),
    [app.world.lobby],
  );
  assert.deepEqual(await join(bob), banned('spam'));
  assert.deepEqual(await add(alice, bob), refused('not-allowed'));
  assert.deepEqual(await app.post(bob, 'hello', room), refused('not-member'));
});

test('WORLD-186 somebody outside can be banned, a later ban replaces the earlier one, and both hold after a restart', async () => {
  const { app, room, alice, dora, ban, join } = await scene();
  assert.deepEqual(await ban(alice, dora), done(room));
  assert.deepEqual(await ban(alice, dora, { reason: 'more spam' }), done(room));
  assert.deepEqual(await join(dora), banned('more spam'));
  const again = await TestWorld.open({ storage: app.storage, ids: countingIds(2) });
  const person = await again.login('dora');
  assert.deepEqual(
    await again.ask<RoomId>((world, answer) => world.rooms.join(person, room, answer)),
    banned('more spam'),
  );
});

test('WORLD-186 WORLD-110 a ban ends at its time', async () => {
  const { app, room, alice, bob, ban, join } = await scene();
  assert.deepEqual(await ban(alice, bob, { until: app.clock.now() + 1_000 }), done(room));
  app.clock.advance(999);
  assert.deepEqual(await join(bob), banned('spam'));
  app.clock.advance(1);
  assert.deepEqual(await join(bob), done(room));
});

test('WORLD-187 who may ban may lift a ban; lifting what there is not writes nothing', async () => {
  const { app, room, alice, mod, bob, dora, ban, join } = await scene();
  await ban(alice, bob);
  for (const person of [bob, dora]) assert.deepEqual(await ban(person, bob, null), refused('not-member'));
  const position = app.world.position(room);
  assert.deepEqual(await ban(mod, dora, null), done(room));
  assert.equal(app.world.position(room), position);
  assert.deepEqual(await ban(mod, bob, null), done(room));
  assert.deepEqual(await join(bob), done(room));
});

test('WORLD-183 WORLD-186 only somebody of higher rank bans a member, and only who moderates bans somebody outside', async () => {
  const { app, room, alice, mod, bob, dora, root, ban, join, members } = await scene();
  for (const [person, other] of [
    [bob, dora],
    [bob, bob],
    [bob, mod],
    [mod, mod],
    [mod, alice],
    [alice, alice],
  ] as const)
    assert.deepEqual(await ban(person, other), refused('not-allowed'), `${person} ${other}`);
  assert.deepEqual(await ban(bob, dora, null), refused('not-allowed'));
  assert.deepEqual(await ban(root, alice), refused('not-member'));
  await join(root);
  assert.deepEqual(await ban(root, alice), done(room));
  assert.deepEqual(members(), [mod, bob, root]);
  assert.deepEqual(await ban(mod, 4711), refused('not-found'));
  assert.deepEqual(await ban(mod, bob, { reason: '' }), { ok: false, error: { type: 'bad-text', problem: 'empty' } });
  assert.deepEqual(await ban(root, bob, {}, app.world.lobby), refused('not-allowed'));
});

test('WORLD-71 WORLD-186 T25 to people outside a closed group it does not exist, with a ban as without', async () => {
  const { alice, bob, dora, room, ban, join } = await scene(true);
  assert.deepEqual(await ban(dora, bob), refused('not-found'));
  assert.deepEqual(await ban(dora, bob, {}, 4711), refused('not-found'));
  assert.deepEqual(await ban(alice, bob), done(room));
  assert.deepEqual(await join(bob), refused('not-found'));
});

test('WORLD-183 nobody is banned from a direct', async () => {
  const { app, alice, bob, root, ban } = await scene();
  const sent = await app.direct(alice, 'bob', 'hello');
  assert.ok(sent.ok);
  const direct = sent.value.message.room;
  assert.deepEqual(await ban(alice, bob, {}, direct), refused('not-allowed'));
  assert.deepEqual(await ban(root, bob, {}, direct), refused('not-found'));
});
