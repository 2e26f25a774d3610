import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../testing/world.ts';
import type { RoomId } from './model/ids.ts';

async function scene() {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.member('alice'), await app.member('bob')];
  const make = (name: string, closed: boolean) =>
    app.must<RoomId>((world, done) => world.rooms.create(alice, name, null, closed, done));
  return { app, alice, bob, open: await make('open', false), closed: await make('closed', true) };
}

test('WORLD-71 a person is inside of a room, outside of an open one, and does not know a closed one, nor one that is not in memory', async () => {
  const { app, alice, bob, open, closed } = await scene();
  const { reader } = app.world;
  const standings = () => [open, closed].map((room) => [reader.standing(alice, room), reader.standing(bob, room)]);
  assert.deepEqual(standings(), [
    ['unknown', 'unknown'],
    ['unknown', 'unknown'],
  ]);
  for (const room of [open, closed]) await reader.holdRoom(room);
  assert.deepEqual(standings(), [
    ['inside', 'outside'],
    ['inside', 'unknown'],
  ]);
  assert.equal(reader.standing(12_345, open), 'unknown');
});

test('WORLD-64 a room stays in memory until it is released as often as it was held', async () => {
  const { app, open } = await scene();
  const { reader } = app.world;
  await Promise.all([reader.holdRoom(open), reader.holdRoom(open)]);
  reader.releaseRoom(open);
  assert.equal(reader.room(open)?.row.name, 'open');
  reader.releaseRoom(open);
  assert.equal(reader.room(open), undefined);
});
