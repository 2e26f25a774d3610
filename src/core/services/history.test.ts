import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { HistoryPage } from './history.ts';

test('WORLD-162 a page of history has the position of its room at which it was read, also where nothing is shown', async () => {
  const app = await TestWorld.open();
  const [alice, bob] = [await app.member('alice'), await app.member('bob')];
  const room = await app.group(alice, 'garden');
  const read = () => app.must<HistoryPage>((world, done) => world.history.read(alice, room, null, 10, done));
  const ids: string[] = [];
  for (const text of ['one', 'two']) {
    const posted = await app.post(alice, text, room);
    assert.ok(posted.ok);
    ids.push(posted.value.id);
  }
  assert.deepEqual([(await read()).position, app.world.position(room)], [4, 4]);
  await app.must((world, done) => world.messages.delete({ type: 'operator' }, ids[0] ?? '', done));
  const page = await read();
  assert.deepEqual([page.position, page.messages.map(({ text }) => text)], [5, ['', 'two']]);
  await app.must((world, done) => world.relationships.set('block', bob, 'alice', true, done));
  const sent = await app.direct(alice, 'bob', 'hidden');
  assert.ok(sent.ok);
  const direct = sent.value.message.room;
  const hidden = await app.must<HistoryPage>((world, done) => world.history.read(bob, direct, null, 10, done));
  const { position } = await app.storage.page(direct, null, 10);
  assert.deepEqual([hidden.position, hidden.messages], [position, []]);
});
