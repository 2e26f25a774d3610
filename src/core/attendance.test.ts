import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTwo, settle, TestWorld, usualPassword } from '../../testing/world.ts';
import type { PersonId } from './ids.ts';

/** How often each world showed somebody entering and leaving. */
function counted(...houses: readonly TestWorld[]): number[][] {
  return houses.map(({ audience }) => [audience.of('person-entered').length, audience.of('person-left').length]);
}

test('WORLD-63 a person enters with the first connection and leaves with the last, with the last one’s words', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  assert.equal(await house.login('alice'), alice);
  assert.equal(await house.login('Alice'), alice);
  house.world.leave(alice, { type: 'lost' });
  house.world.leave(alice, { type: 'lost' });
  await house.settle();
  assert.deepEqual(counted(house), [[1, 0]]);
  house.world.leave(alice, { type: 'left' });
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.deepEqual(counted(house), [[1, 1]]);
  assert.deepEqual(house.audience.of('person-left')[0]?.departure, { type: 'left' });
  await house.login('alice');
  assert.deepEqual(counted(house), [[2, 1]]);
});

test('WORLD-63 on two nodes entering and leaving are shown once by each, in whatever order connections end', async () => {
  const orders: readonly (readonly number[])[] = [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ];
  for (const order of orders) {
    for (const together of [false, true]) {
      const { clock, first, second } = await openTwo();
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

test('WORLD-63 somebody who comes on two nodes at once enters once', async () => {
  const { clock, first, second } = await openTwo();
  const alice = await first.register('alice');
  await settle(clock);
  const come = (house: TestWorld) =>
    house.must<{ id: PersonId }>((world, done) => void world.login('alice', usualPassword, done));
  await Promise.all([come(first), come(second)]);
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

test('WORLD-63 being removed ends all connections at once, and later ends change nothing', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  await house.login('alice');
  await house.must((world, done) => world.moderation.kick('alice', 'enough', done));
  house.world.leave(alice, { type: 'lost' });
  house.world.leave(alice, { type: 'lost' });
  await house.settle();
  assert.deepEqual(counted(house), [[1, 1]]);
  assert.equal(house.audience.removals.length, 1);
});

test('WORLD-63 a connection that was removed takes along nobody who came again meanwhile', async () => {
  const house = await TestWorld.open();
  const alice = await house.register('alice');
  const visits = [1, 2].map(() => ({ reachable: true, status: null }));
  const [removed, later] = visits;
  await house.must((world, done) => void world.login('alice', usualPassword, done, removed));
  await house.must((world, done) => world.moderation.kick('alice', 'enough', done));
  assert.deepEqual(
    house.audience.removals.map((removal) => [...removal.visits]),
    [[removed]],
  );
  await house.must((world, done) => void world.login('alice', usualPassword, done, later));
  house.world.leave(alice, { type: 'lost' }, removed);
  await house.settle();
  assert.deepEqual([counted(house), house.world.actor(alice)?.person.name], [[[2, 1]], 'alice']);
  house.world.leave(alice, { type: 'lost' }, later);
  await house.settle();
  assert.deepEqual([counted(house), house.world.actor(alice)], [[[2, 2]], undefined]);
});

test('WORLD-64 what is known of somebody goes with the last connection, and is there again with the next', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  await house.register('bob');
  await house.must((world, done) => world.ties.set('block', alice, 'bob', true, done));
  const bob = house.world.people.find('bob')?.id ?? 0;
  assert.deepEqual([...house.world.people.blocksOf(alice)], [bob]);
  await house.login('alice');
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.deepEqual([...house.world.people.blocksOf(alice)], [bob], 'one connection is left');
  house.world.leave(alice, { type: 'left' });
  await house.settle();
  assert.deepEqual([...house.world.people.blocksOf(alice)], [], 'nobody needs it');
  await house.login('alice');
  assert.deepEqual([...house.world.people.blocksOf(alice)], [bob]);
});

test('WORLD-64 what is known of somebody stays for a connection that comes in while the last one ends', async () => {
  const house = await TestWorld.open();
  const alice = await house.member('alice');
  const eve = await house.member('eve');
  await house.must((world, done) => world.ties.set('block', alice, 'eve', true, done));
  for (let turns = 0; turns < 8; turns++) {
    const coming = house.login('alice');
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    house.world.leave(alice, { type: 'lost' });
    house.clock.turn();
    await coming;
    await house.settle();
    assert.deepEqual([...house.world.people.blocksOf(alice)], [eve], `after ${turns}`);
  }
});
