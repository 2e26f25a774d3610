import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestWorld } from '../../../testing/world.ts';
import type { PersonId } from '../model/ids.ts';
import type { Message } from '../model/message.ts';

test('WORLD-167 WORLD-84 a message may answer another one of its room; what the room does not have is not found', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const room = await app.group(alice, 'garden');
  const post = (replyTo?: number, nonce?: string) =>
    app.ask<Message>((world, done) => {
      const more = { ...(replyTo !== undefined && { replyTo }), ...(nonce !== undefined && { nonce }) };
      world.messages.post(alice, room, { text: 'hello', clientTime: null, ...more }, done);
    });
  assert.deepEqual(await post(1), { ok: false, error: { type: 'not-found' } });
  const first = await post();
  assert.ok(first.ok && !('replyTo' in first.value));
  const second = await post(1);
  assert.equal(second.ok && second.value.replyTo, 1);
  for (const number of [0, -1, 1.5, 3, Number.NaN, 2 ** 53])
    assert.deepEqual(await post(number), { ok: false, error: { type: 'not-found' } }, `${number}`);
  const bob = await app.member('bob');
  await app.must((world, done) => world.relationships.set('block', bob, 'alice', true, done));
  const hidden = await app.direct(alice, 'bob', 'hidden');
  assert.ok(hidden.ok);
  const answer = (person: PersonId) =>
    app.ask<Message>((world, done) =>
      world.messages.post(person, hidden.value.message.room, { text: 'x', clientTime: null, replyTo: 1 }, done),
    );
  assert.deepEqual(await answer(bob), { ok: false, error: { type: 'not-found' } }, 'withheld');
  assert.equal((await answer(alice)).ok, true);
  await app.must<Message>((world, done) => world.messages.edit(alice, { room, number: 2 }, 'changed', done));
  const { messages } = await app.storage.page(room, null, 10);
  assert.deepEqual(
    messages.map(({ text, replyTo }) => [text, replyTo]),
    [
      ['hello', undefined],
      ['changed', 1],
    ],
    'an edit keeps it',
  );
  assert.equal((await post(1, 'nonce')).ok, true);
  assert.deepEqual(await post(2, 'nonce'), { ok: false, error: { type: 'nonce-used' } }, 'it is part of the message');
});
