import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../testing/world.ts';
import type { Actor } from './decide.ts';

const operator: Actor = { type: 'operator' };

async function withAlice() {
  const house = await TestWorld.open();
  const alice = await house.enter('alice');
  const actor: Actor = { type: 'person', person: { id: alice, name: 'alice' }, skeleton: 'alice', role: null };
  return { house, alice, actor };
}

test('WORLD-30 only who runs the server bans, lifts, mutes and unmutes', async () => {
  const { house, actor } = await withAlice();
  const { world } = house;
  const refused = { ok: false, error: { type: 'not-allowed' } };
  assert.deepEqual(await house.ask((_, done) => world.moderation.ban(actor, 'bob', 'no', null, done)), refused);
  assert.deepEqual(await house.ask((_, done) => world.moderation.unban(actor, 'bob', done)), refused);
  assert.deepEqual(await house.ask((_, done) => world.moderation.mute(actor, world.lobby, 'bob', null, done)), refused);
  assert.deepEqual(await house.ask((_, done) => world.moderation.unmute(actor, world.lobby, 'bob', done)), refused);
  assert.deepEqual([...world.bans], []);
});

test('WORLD-31 a ban removes who bears the name, with its words, and keeps the name and its look-alikes out', async () => {
  const { house, alice } = await withAlice();
  await house.must((world, done) => world.moderation.ban(operator, 'ALICE', 'spam', null, done));
  assert.deepEqual(house.audience.of('person-left'), [
    { type: 'person-left', person: { id: alice, name: 'alice' }, departure: { type: 'removed', reason: 'spam' } },
  ]);
  for (const name of ['alice', 'Alice', 'a1ice'])
    assert.deepEqual(await house.ask((world, done) => world.enter(name, done)), {
      ok: false,
      error: { type: 'banned', reason: 'spam' },
    });
  assert.deepEqual([...house.world.people.visible], []);
});

test('WORLD-31 a ban is over at its time, or when it is lifted, and survives a restart until then', async () => {
  const { house } = await withAlice();
  const until = house.clock.now() + 60_000;
  await house.must((world, done) => world.moderation.ban(operator, 'alice', 'spam', until, done));
  await house.must((world, done) => world.moderation.ban(operator, 'bob', 'spam', null, done));
  const again = await TestWorld.open({ storage: house.storage });
  assert.equal((await again.ask((world, done) => world.enter('alice', done))).ok, false);
  again.clock.jump(60_000);
  assert.equal((await again.ask((world, done) => world.enter('alice', done))).ok, true);
  assert.equal((await again.ask((world, done) => world.enter('bob', done))).ok, false);
  await again.must((world, done) => world.moderation.unban(operator, 'bob', done));
  assert.equal((await again.ask((world, done) => world.enter('bob', done))).ok, true);
});

test('WORLD-31 somebody who enters while the ban is written does not stay', async () => {
  const house = await TestWorld.open();
  const banned = house.ask((world, done) => world.moderation.ban(operator, 'mallory', 'no', null, done));
  const entered = house.ask((world, done) => world.enter('mallory', done));
  await Promise.all([banned, entered]);
  await house.settle();
  assert.deepEqual([...house.world.people.visible], []);
});

test('WORLD-32 what is not there cannot be lifted or kicked', async () => {
  const { house } = await withAlice();
  const { world } = house;
  const notFound = { ok: false, error: { type: 'not-found' } };
  assert.deepEqual(await house.ask((_, done) => world.moderation.unban(operator, 'nobody', done)), notFound);
  assert.deepEqual(
    await house.ask((_, done) => world.moderation.unmute(operator, world.lobby, 'nobody', done)),
    notFound,
  );
  assert.deepEqual(await house.ask((_, done) => world.moderation.kick('nobody', 'why', done)), notFound);
});

test('WORLD-34 a kicked person is gone with the words for it and may come again', async () => {
  const { house } = await withAlice();
  await house.must((world, done) => world.moderation.kick('Alice', 'cool down', done));
  assert.deepEqual(house.audience.of('person-left')[0]?.departure, { type: 'removed', reason: 'cool down' });
  await house.enter('alice');
});

test('WORLD-33 who is muted may not post or edit, under this name or another, until it is over', async () => {
  const { house, alice } = await withAlice();
  const { world } = house;
  const posted = await house.post(alice, 'before');
  const id = posted.ok ? posted.value.id : '';
  await house.must((_, done) =>
    world.moderation.mute(operator, world.lobby, 'alice', house.clock.now() + 60_000, done),
  );
  const muted = { ok: false, error: { type: 'muted' } };
  assert.deepEqual(await house.post(alice, 'hello'), muted);
  assert.deepEqual(await house.ask((_, done) => world.messages.edit(alice, id, 'x', done)), muted);
  await house.must((_, done) => world.rename(alice, 'eve', done));
  assert.deepEqual(await house.post(alice, 'hello'), muted);
  const bob = await house.enter('bob');
  assert.equal((await house.post(bob, 'hello')).ok, true);
  house.clock.jump(60_000);
  assert.equal((await house.post(alice, 'hello')).ok, true);
});

test('WORLD-33 a mute holds for whoever comes under the name, until it is lifted', async () => {
  const { house, alice } = await withAlice();
  const { world } = house;
  await house.must((_, done) => world.moderation.mute(operator, world.lobby, 'alice', null, done));
  world.leave(alice, { type: 'left' });
  await house.settle();
  const again = await house.enter('Alice');
  assert.deepEqual(await house.post(again, 'hello'), { ok: false, error: { type: 'muted' } });
  await house.must((_, done) => world.moderation.unmute(operator, world.lobby, 'alice', done));
  assert.equal((await house.post(again, 'hello')).ok, true);
});
