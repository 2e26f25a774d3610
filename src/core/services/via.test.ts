import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { Message } from '../model/message.ts';
import type { Post } from './messages.ts';

test('WORLD-172 a message keeps by which way it was said, through edits and deletion; nothing is noted where nothing is given', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const room = await app.group(alice, 'garden');
  const post = (more: Partial<Post> = {}) =>
    app.ask<Message>((world, done) => world.messages.post(alice, room, { text: 'x', clientTime: null, ...more }, done));
  const noted = async () => {
    const { messages } = await app.storage.page(room, null, 10);
    return messages.map((message) => ('via' in message ? message.via : 'nothing'));
  };
  assert.deepEqual([(await post({ via: 'pigeon' })).ok, (await post()).ok], [true, true]);
  assert.deepEqual(await noted(), ['pigeon', 'nothing']);
  await app.must<Message>((world, done) => world.messages.edit(alice, { room, number: 1 }, 'changed', done));
  const actor = app.world.actor(alice) ?? assert.fail();
  await app.must<Message>((world, done) => world.messages.delete(actor, { room, number: 1 }, done));
  assert.deepEqual(await noted(), ['pigeon', 'nothing']);
});

test('WORLD-172 WORLD-85 the same nonce by another way is the same message', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const post = (via: string) => {
    const nonce = { text: 'x', clientTime: null, nonce: 'n', via };
    return app.must<Message>((world, done) => world.messages.post(alice, world.lobby, nonce, done));
  };
  const first = await post('pigeon');
  assert.deepEqual(await post('post'), first);
  assert.equal(first.via, 'pigeon');
});
