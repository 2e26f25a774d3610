import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { RoomId } from '../../core/model/ids.ts';
import { eventsByRoom } from './events-by-room.ts';

test('CONN-140 CONN-54 rooms bring what happens in them, the lobby also presence of the people in it, and none brings typing', async () => {
  const app = await TestWorld.open({ rules: { joinLobby: false } });
  const [alice, gus] = [await app.member('alice'), await app.enter('gus')];
  const room = await app.group(alice, 'garden');
  const { lobby } = app.world;
  app.observer.events.length = 0;
  await app.post(alice, 'hello', room);
  await app.must<void>((world, done) => world.typing.show(alice, room, true, done));
  await app.must<void>((world, done) => world.typing.show(gus, lobby, true, done));
  await app.post(gus, 'hi');
  await app.must<RoomId>((world, done) => world.rooms.leave(alice, room, done));
  for (const person of [alice, gus]) app.world.leave(person, { type: 'left' });
  await app.settle();
  assert.equal(app.observer.ofType('person-typing').length, 2);
  assert.equal(app.observer.ofType('person-left').length, 2);
  const byRoom = eventsByRoom(app.observer.events, app.world);
  assert.deepEqual(
    [...byRoom].map(([id, events]) => [id, events.map(({ type }) => type)]),
    [
      [room, ['message-posted', 'member-left']],
      [lobby, ['message-posted', 'person-left']],
    ],
  );
});
