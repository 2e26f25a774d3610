import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { TestWorld } from '../../../testing/world.ts';
import { roomStream } from '../model/ids.ts';

test('WORLD-163 a room has the numbers of its withheld messages by author as they are posted, and the same when it is loaded', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const bob = await app.member('bob');
  const first = await app.direct(alice, 'bob', '1');
  assert.ok(first.ok);
  const { room, number } = first.value.message;
  assert.equal(number, 1);
  app.world.pinRoom(room);
  await app.world.useRooms([room], () => {});
  const block = (on: boolean) => app.must((world, done) => world.relationships.set('block', bob, 'alice', on, done));
  await app.must((world, done) => world.relationships.set('block', alice, 'bob', true, done));
  await block(true);
  for (const text of ['2', '3']) await app.direct(alice, 'bob', text);
  await app.direct(bob, 'alice', '4');
  await block(false);
  const fifth = await app.direct(alice, 'bob', '5');
  assert.ok(fifth.ok);
  await block(true);
  await app.direct(alice, 'bob', '6');
  const { withheld } = await app.storage.load(roomStream(room));
  assert.deepEqual(withheld, [
    { number: 2, author: alice },
    { number: 3, author: alice },
    { number: 4, author: bob },
    { number: 6, author: alice },
  ]);
  const numbersIn = ({ world }: TestWorld) =>
    [...(world.reader.room(room)?.withheld ?? [])].map(([author, { numbers }]) => [
      author,
      Array.from({ length: numbers.length }, (_, index) => numbers.at(index)),
    ]);
  const numbers = [
    [alice, [2, 3, 6]],
    [bob, [4]],
  ];
  assert.deepEqual(numbersIn(app), numbers);
  const again = await TestWorld.open({ storage: app.storage, ids: countingIds(2) });
  again.world.pinRoom(room);
  await again.world.useRooms([room], () => {});
  assert.deepEqual(numbersIn(again), numbers);
});
