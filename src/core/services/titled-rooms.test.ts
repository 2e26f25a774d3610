import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { PersonId, RoomId } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { TitledRoom } from './rooms.ts';

async function scene() {
  const app = await TestWorld.open();
  const [alice, bob, carol] = [await app.member('alice'), await app.member('bob'), await app.member('carol')];
  const make = (wanted: Partial<TitledRoom>, person: PersonId = alice) =>
    app.ask<RoomId>((world, done) =>
      world.rooms.createTitled(person, { displayName: null, closed: true, members: [], ...wanted }, done),
    );
  const block = (person: PersonId, name: string) =>
    app.must((world, done) => world.relationships.set('block', person, name, true, done));
  return { app, alice, bob, carol, make, block };
}

test('WORLD-132 a group begins with its members, who may read and write at once', async () => {
  const { app, alice, bob, carol, make } = await scene();
  const room = await make({ displayName: 'Garden', members: [bob, carol, alice] });
  assert.ok(room.ok);
  for (const person of [alice, bob, carol])
    await app.must((world, done) => world.messages.post(person, room.value, { text: 'hi', clientTime: null }, done));
  await app.world.reader.holdRoom(room.value);
  const members = [...(app.world.reader.room(room.value)?.members.values() ?? [])];
  assert.deepEqual(
    members.map(({ person, role }) => [person, role]),
    [
      [alice, 'owner'],
      [bob, 'member'],
      [carol, 'member'],
    ],
  );
});

test('WORLD-132 if one cannot be a member nothing is made', async () => {
  const { app, alice, bob, carol, make, block } = await scene();
  const guest = await app.enter('guest');
  const before = app.world.rooms.joined(alice).length;
  for (const member of [12_345, guest])
    assert.deepEqual(await make({ displayName: 'Garden', members: [bob, member] }), {
      ok: false,
      error: { type: 'not-found' },
    });
  await block(carol, 'alice');
  assert.deepEqual(await make({ members: [bob, carol] }), { ok: false, error: { type: 'not-allowed' } });
  const many = Array.from({ length: 201 }, () => bob);
  assert.deepEqual(await make({ members: many }), { ok: false, error: { type: 'too-many', what: 'members' } });
  assert.deepEqual(await make({}, guest), { ok: false, error: { type: 'guest' } });
  assert.equal(app.world.rooms.joined(alice).length, before);
  assert.equal(app.world.rooms.joined(bob).length, before);
});

test('WORLD-133 groups of one display name get names of their own', async () => {
  const { app, make } = await scene();
  const rooms: RoomId[] = [];
  for (const displayName of ['Garden', 'Garden', null, 'alice']) {
    const room = await make({ displayName });
    assert.ok(room.ok);
    await app.world.reader.holdRoom(room.value);
    rooms.push(room.value);
  }
  const rows = rooms.map((room) => app.world.reader.room(room)?.row);
  assert.deepEqual(
    rows.map((row) => row?.name),
    ['Garden', 'Garden-2', `room-${rooms[2]}`, 'alice-2'],
  );
  assert.deepEqual(
    rows.map((row) => row?.displayName ?? row?.name),
    ['Garden', 'Garden', `room-${rooms[2]}`, 'alice'],
  );
});

test('WORLD-134 WORLD-80 a direct is begun without a message, once, and refused where a message would be', async () => {
  const { app, alice, bob } = await scene();
  const guest = await app.enter('guest');
  const direct = (person: PersonId, other: PersonId) =>
    app.ask<RoomId>((world, done) => world.messages.directWith(person, other, done));
  const [first, again] = [await direct(alice, bob), await direct(bob, alice)];
  assert.ok(first.ok);
  assert.deepEqual(again, first);
  assert.deepEqual(await direct(alice, alice), { ok: false, error: { type: 'yourself' } });
  assert.deepEqual(await direct(alice, 12_345), { ok: false, error: { type: 'not-found' } });
  assert.deepEqual(await direct(12_345, alice), { ok: false, error: { type: 'not-allowed' } });
  assert.equal((await direct(alice, guest)).ok, true);
});

test('WORLD-82 nothing is posted in the direct with a guest who is gone', async () => {
  const { app, alice } = await scene();
  const guest = await app.enter('guest');
  const room = await app.must<RoomId>((world, done) => world.messages.directWith(alice, guest, done));
  const post = () =>
    app.ask<Message>((world, done) => world.messages.post(alice, room, { text: 'hi', clientTime: null }, done));
  assert.equal((await post()).ok, true);
  app.world.leave(guest, { type: 'left' });
  await app.settle();
  assert.deepEqual(await post(), { ok: false, error: { type: 'unreachable' } });
});
