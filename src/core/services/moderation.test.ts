import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import type { Actor } from '../engine/decide.ts';
import type { Person } from '../model/person.ts';

const operator: Actor = { type: 'operator' };

async function withAlice() {
  const app = await TestWorld.open();
  const alice = await app.enter('alice');
  const actor: Actor = { type: 'person', person: { id: alice, name: 'alice' }, skeleton: 'alice', role: null };
  return { app, alice, actor };
}

test('WORLD-30 a guest cannot ban, unban, mute or unmute', async () => {
  const { app, actor } = await withAlice();
  const { world } = app;
  const refused = { ok: false, error: { type: 'not-allowed' } };
  assert.deepEqual(await app.ask((_, done) => world.moderation.ban(actor, 'bob', 'no', null, done)), refused);
  assert.deepEqual(await app.ask((_, done) => world.moderation.unban(actor, 'bob', done)), refused);
  assert.deepEqual(await app.ask((_, done) => world.moderation.mute(actor, world.lobby, 'bob', null, done)), refused);
  assert.deepEqual(await app.ask((_, done) => world.moderation.unmute(actor, world.lobby, 'bob', done)), refused);
  assert.deepEqual([...world.bans], []);
});

test('WORLD-31 a ban removes the holder of the name, with its reason, and keeps the name and its look-alikes out', async () => {
  const { app, alice } = await withAlice();
  await app.must((world, done) => world.moderation.ban(operator, 'ALICE', 'spam', null, done));
  assert.deepEqual(app.observer.ofType('person-left'), [
    { type: 'person-left', person: { id: alice, name: 'alice' }, departure: { type: 'removed', reason: 'spam' } },
  ]);
  for (const name of ['alice', 'Alice', 'a1ice'])
    assert.deepEqual(await app.ask((world, done) => world.enter(name, done)), {
      ok: false,
      error: { type: 'banned', reason: 'spam' },
    });
  assert.deepEqual([...app.world.people.visible], []);
});

test('WORLD-31 a ban ends at its time or when it is lifted, and survives a restart until then', async () => {
  const { app } = await withAlice();
  const until = app.clock.now() + 60_000;
  await app.must((world, done) => world.moderation.ban(operator, 'alice', 'spam', until, done));
  await app.must((world, done) => world.moderation.ban(operator, 'bob', 'spam', null, done));
  const again = await TestWorld.open({ storage: app.storage });
  assert.equal((await again.ask((world, done) => world.enter('alice', done))).ok, false);
  again.clock.jump(60_000);
  assert.equal((await again.ask((world, done) => world.enter('alice', done))).ok, true);
  assert.equal((await again.ask((world, done) => world.enter('bob', done))).ok, false);
  await again.must((world, done) => world.moderation.unban(operator, 'bob', done));
  assert.equal((await again.ask((world, done) => world.enter('bob', done))).ok, true);
});

test('WORLD-110 WORLD-31 WORLD-33 a clock that was wrong for a while ends no ban and no mute for good', async () => {
  const YEAR = 365 * 86_400_000;
  for (const wrong of [3_600_000, -3_600_000, YEAR, -YEAR]) {
    const { app, alice } = await withAlice();
    const { world, clock } = app;
    const until = clock.now() + 60_000;
    await app.must((_, done) => world.moderation.ban(operator, 'bob', 'spam', until, done));
    await app.must((_, done) => world.moderation.mute(operator, world.lobby, 'alice', until, done));
    clock.jump(wrong);
    const entered = await app.ask<Person>((_, done) => world.enter('bob', done));
    assert.equal(entered.ok, wrong > 0);
    if (entered.ok) world.leave(entered.value.id, { type: 'left' });
    assert.equal((await app.post(alice, 'hello')).ok, wrong > 0);
    await app.settle();
    clock.jump(-wrong);
    const banned = { ok: false, error: { type: 'banned', reason: 'spam' } };
    assert.deepEqual(await app.ask((_, done) => world.enter('bob', done)), banned);
    assert.deepEqual(await app.post(alice, 'hello'), { ok: false, error: { type: 'muted' } });
    clock.suspend(60_000);
    assert.equal((await app.ask((_, done) => world.enter('bob', done))).ok, true);
    assert.equal((await app.post(alice, 'hello')).ok, true);
  }
});

test('WORLD-31 a person who enters while the ban is written is removed', async () => {
  const app = await TestWorld.open();
  const banned = app.ask((world, done) => world.moderation.ban(operator, 'mallory', 'no', null, done));
  const entered = app.ask((world, done) => world.enter('mallory', done));
  await Promise.all([banned, entered]);
  await app.settle();
  assert.deepEqual([...app.world.people.visible], []);
});

test('WORLD-32 lifting an unknown ban or mute, or kicking an absent person, is refused as not found', async () => {
  const { app } = await withAlice();
  const { world } = app;
  const notFound = { ok: false, error: { type: 'not-found' } };
  assert.deepEqual(await app.ask((_, done) => world.moderation.unban(operator, 'nobody', done)), notFound);
  assert.deepEqual(
    await app.ask((_, done) => world.moderation.unmute(operator, world.lobby, 'nobody', done)),
    notFound,
  );
  assert.deepEqual(await app.ask((_, done) => world.moderation.kick('nobody', 'why', done)), notFound);
});

test('WORLD-34 a kicked person leaves with the reason and may come back', async () => {
  const { app } = await withAlice();
  await app.must((world, done) => world.moderation.kick('Alice', 'cool down', done));
  assert.deepEqual(app.observer.ofType('person-left')[0]?.departure, { type: 'removed', reason: 'cool down' });
  await app.enter('alice');
});

test('WORLD-33 a muted person may not post or edit, under this name or another, until the mute ends', async () => {
  const { app, alice } = await withAlice();
  const { world } = app;
  const posted = await app.post(alice, 'before');
  const id = posted.ok ? posted.value.id : '';
  await app.must((_, done) => world.moderation.mute(operator, world.lobby, 'alice', app.clock.now() + 60_000, done));
  const muted = { ok: false, error: { type: 'muted' } };
  assert.deepEqual(await app.post(alice, 'hello'), muted);
  assert.deepEqual(await app.ask((_, done) => world.messages.edit(alice, id, 'x', done)), muted);
  await app.must((_, done) => world.rename(alice, 'eve', done));
  assert.deepEqual(await app.post(alice, 'hello'), muted);
  const bob = await app.enter('bob');
  assert.equal((await app.post(bob, 'hello')).ok, true);
  app.clock.jump(60_000);
  assert.equal((await app.post(alice, 'hello')).ok, true);
});

test('WORLD-33 a mute holds for later holders of the name, until it is lifted', async () => {
  const { app, alice } = await withAlice();
  const { world } = app;
  await app.must((_, done) => world.moderation.mute(operator, world.lobby, 'alice', null, done));
  world.leave(alice, { type: 'left' });
  await app.settle();
  const again = await app.enter('Alice');
  assert.deepEqual(await app.post(again, 'hello'), { ok: false, error: { type: 'muted' } });
  await app.must((_, done) => world.moderation.unmute(operator, world.lobby, 'alice', done));
  assert.equal((await app.post(again, 'hello')).ok, true);
});

test('WORLD-130 every node is told of a banned range; no name is banned by it, and a later ban of it replaces it', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const ban = (app: TestWorld, range: string, reason: string) =>
    app.must((world, done) => world.moderation.banAddress(operator, range, reason, null, done));
  await ban(first, '203.0.113.0/24', 'one');
  await ban(first, '203.0.113.0/24', 'two');
  clock.advance(3_000);
  await settle(clock);
  for (const { observer, world } of [first, second]) {
    assert.deepEqual(
      observer.addressBans.map(({ name, reason, address }) => [name, reason, address]),
      [
        ['203.0.113.0/24', 'one', true],
        ['203.0.113.0/24', 'two', true],
      ],
    );
    assert.deepEqual(
      [...world.bans].map(({ reason }) => reason),
      ['two'],
    );
    assert.deepEqual(observer.removals, []);
  }
  assert.ok((await second.enter('bob')) > 0);
  const lift = () => second.ask((world, done) => world.moderation.unbanAddress(operator, '203.0.113.0/24', done));
  assert.equal((await lift()).ok, true);
  assert.deepEqual(await lift(), { ok: false, error: { type: 'not-found' } });
  assert.deepEqual([...second.world.bans], []);
});
