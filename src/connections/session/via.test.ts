import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';

test('CONN-157 what is posted in the lobby, in a group and in a direct has the name of the protocol of its connection', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const adapter = lineProtocol({ history: 0 });
  const names = ['pigeon', 'post'];
  for (const name of names) {
    const alice = app.client({ ...adapter, name });
    await alice.ask('login alice');
    if (name === 'pigeon') await alice.ask('create den');
    for (const line of ['say hello', 'group den hello', 'direct bob hello'])
      assert.match((await alice.ask(line))[0] ?? '', /^(ok|stored)$/);
  }
  const { world } = app;
  const [alice, bob] = [world.people.find('alice')?.id ?? 0, world.people.find('bob')?.id ?? 0];
  const direct = world.messages.directOf(alice, bob) ?? assert.fail('no direct');
  for (const room of [world.lobby, world.rooms.find('den') ?? assert.fail('no group'), direct]) {
    const { messages } = await app.storage.page(room, null, 10);
    assert.deepEqual(
      messages.map(({ via }) => via),
      names,
    );
  }
});
