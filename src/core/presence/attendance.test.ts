import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPassword, openTwoWorlds, settle, TestWorld } from '../../../testing/world.ts';
import type { PersonId } from '../model/ids.ts';

/** How many people entered and left, as each world's observer was told. */
function counted(...worlds: readonly TestWorld[]): number[][] {
  return worlds.map(({ observer }) => [
    observer.ofType('person-entered').length,
    observer.ofType('person-left').length,
  ]);
}

test('WORLD-63 a person enters with the first connection and leaves with the last, as the last one departs', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  assert.equal(await app.login('alice'), alice);
  assert.equal(await app.login('Alice'), alice);
  app.world.leave(alice, { type: 'lost' });
  app.world.leave(alice, { type: 'lost' });
  await app.settle();
  assert.deepEqual(counted(app), [[1, 0]]);
  app.world.leave(alice, { type: 'left' });
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual(counted(app), [[1, 1]]);
  assert.deepEqual(app.observer.ofType('person-left')[0]?.departure, { type: 'left' });
  await app.login('alice');
  assert.deepEqual(counted(app), [[2, 1]]);
});

test('WORLD-63 each of two nodes shows entering and leaving once, in whatever order connections end', async () => {
  const orders: readonly (readonly number[])[] = [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ];
  for (const order of orders) {
    for (const together of [false, true]) {
      const { clock, first, second } = await openTwoWorlds();
      const alice = await first.member('alice');
      await settle(clock);
      await second.login('alice');
      await first.login('alice');
      await settle(clock);
      assert.deepEqual(counted(first, second), [
        [1, 0],
        [1, 0],
      ]);
      for (const [index, which] of order.entries()) {
        [first, second][which]?.world.leave(alice, { type: 'left' });
        if (!together) await settle(clock);
        if (!together && index < 2)
          assert.deepEqual(
            counted(first, second).map(([, left]) => left),
            [0, 0],
            `${order.join()} after ${index + 1}`,
          );
      }
      await settle(clock);
      assert.deepEqual(counted(first, second), [
        [1, 1],
        [1, 1],
      ]);
    }
  }
});

test('WORLD-63 a person who logs in on two nodes at once enters once', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const alice = await first.register('alice');
  await settle(clock);
  const login = (app: TestWorld) =>
    app.must<{ id: PersonId }>((world, done) => world.login('alice', defaultPassword, done));
  await Promise.all([login(first), login(second)]);
  await settle(clock);
  assert.deepEqual(counted(first, second), [
    [1, 0],
    [1, 0],
  ]);
  await first.must((world, done) => world.moderation.kick('alice', 'enough', done));
  await settle(clock);
  assert.deepEqual(counted(first, second), [
    [1, 1],
    [1, 1],
  ]);
  assert.equal(first.world.actor(alice), undefined);
});

test('WORLD-63 removing a person ends all sessions at once, and ending them again changes nothing', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  await app.login('alice');
  await app.must((world, done) => world.moderation.kick('alice', 'enough', done));
  app.world.leave(alice, { type: 'lost' });
  app.world.leave(alice, { type: 'lost' });
  await app.settle();
  assert.deepEqual(counted(app), [[1, 1]]);
  assert.equal(app.observer.removals.length, 1);
});

test('WORLD-63 the end of a removed connection does not end a session that began after it', async () => {
  const app = await TestWorld.open();
  const alice = await app.register('alice');
  const sessions = [1, 2].map(() => ({ acceptsDirect: true, status: null }));
  const [removed, later] = sessions;
  await app.must((world, done) => world.login('alice', defaultPassword, done, removed));
  await app.must((world, done) => world.moderation.kick('alice', 'enough', done));
  assert.deepEqual(
    app.observer.removals.map((removal) => [...removal.sessions]),
    [[removed]],
  );
  await app.must((world, done) => world.login('alice', defaultPassword, done, later));
  app.world.leave(alice, { type: 'lost' }, removed);
  await app.settle();
  assert.deepEqual([counted(app), app.world.actor(alice)?.person.name], [[[2, 1]], 'alice']);
  app.world.leave(alice, { type: 'lost' }, later);
  await app.settle();
  assert.deepEqual([counted(app), app.world.actor(alice)], [[[2, 2]], undefined]);
});

test('WORLD-64 a person’s stream leaves memory with the last session and is loaded again for the next', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  await app.register('bob');
  await app.must((world, done) => world.relationships.set('block', alice, 'bob', true, done));
  const bob = app.world.people.find('bob')?.id ?? 0;
  assert.deepEqual([...app.world.people.blocksOf(alice)], [bob]);
  await app.login('alice');
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual([...app.world.people.blocksOf(alice)], [bob], 'one connection is left');
  app.world.leave(alice, { type: 'left' });
  await app.settle();
  assert.deepEqual([...app.world.people.blocksOf(alice)], [], 'no connection is left');
  await app.login('alice');
  assert.deepEqual([...app.world.people.blocksOf(alice)], [bob]);
});

test('WORLD-64 a person’s stream stays in memory for a session that begins while the last one ends', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const eve = await app.member('eve');
  await app.must((world, done) => world.relationships.set('block', alice, 'eve', true, done));
  for (let turns = 0; turns < 8; turns++) {
    const entering = app.login('alice');
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    app.world.leave(alice, { type: 'lost' });
    app.clock.turn();
    await entering;
    await app.settle();
    assert.deepEqual([...app.world.people.blocksOf(alice)], [eve], `after ${turns}`);
  }
});
