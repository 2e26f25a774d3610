import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import { hash, chatEvent, type Json, loggedIn, online, chatMessage } from '../../../testing/clients/tagged.ts';

test('TAG-85 TAG-87 it reconnects with its present status and password, and gives an event', async () => {
  const { client, socket, clock, latest } = await online({ password: 'old', status: 'Away' });
  const changed = [client.setStatus('Busy'), client.setPassword('old', 'new')];
  await setImmediate();
  for (const { tag } of socket.sent) socket.answer({}, tag);
  await Promise.all(changed);
  socket.drop('restart');
  clock.advance(125);
  latest().open();
  assert.deepEqual([latest().sent[0]?.initial_status, latest().sent[0]?.password], ['Busy', hash('new')]);
  latest().answer({ reply: 'login', result: 503 });
  assert.equal(latest().closed, true);
  clock.advance(250);
  latest().open();
  latest().answer(loggedIn);
  latest().receive(chatMessage('a', 'x'));
  assert.deepEqual(await readEvents(client), [
    { message: 'offline', reason: 'restart' },
    { message: 'online' },
    chatEvent('a', 'x'),
  ]);
});

test('TAG-85 after a 401 or a ban it does not reconnect, whether online or at the next login', async () => {
  const told = async (act: (all: Awaited<ReturnType<typeof online>>) => void, message: RegExp) => {
    const all = await online();
    act(all);
    assert.equal(all.clock.timers, 0);
    const reading = (async () => {
      for await (const _ of all.client);
    })();
    await assert.rejects(reading, isError('refused', message));
    await assert.rejects(all.client.friends(), isError('closed'));
  };
  const back = (more: Json) => (all: Awaited<ReturnType<typeof online>>) => {
    all.socket.drop();
    all.clock.advance(125);
    all.latest().open();
    all.latest().answer({ reply: 'login', ...more });
  };
  await told(({ socket }) => socket.drop('banned: spam'), /^banned: spam$/);
  await told(back({ result: 403, result_message: 'banned: spam' }), /^banned: spam$/);
  await told(back({ result: 401, result_message: 'no' }), /^no$/);
});

test('TAG-86 a seen message is not given again; equal texts with other tags are', async () => {
  const { client, socket } = await online();
  socket.receive(
    chatMessage('a', '1'),
    chatMessage('b', '1'),
    chatMessage('a', '1'),
    { message: 'detail.users', tag: '_1', users: [] },
    { message: 'detail.users', tag: '_1', users: [] },
  );
  assert.deepEqual(
    (await readEvents(client)).map((event) => ('tag' in event ? event.tag : '')),
    ['_a', '_b', '_1', '_1'],
  );
});

test('TAG-97 a message that is sent again with its nonce has its first time, and other messages have their own', async () => {
  const { client, socket, clock, latest } = await online();
  const first = client.chatGroup('lobby', 'one', { nonce: 'n' });
  socket.drop();
  await assert.rejects(first, isError('unknown-outcome'));
  clock.advance(125);
  latest().open();
  latest().answer(loggedIn);
  const time = (sent: Promise<unknown>) => {
    sent.catch(() => {});
    return latest().sent.at(-1)?.timestamp;
  };
  assert.equal(time(client.chatGroup('lobby', 'one', { nonce: 'n' })), socket.sent[0]?.timestamp);
  assert.notEqual(time(client.chatGroup('lobby', 'one', { nonce: 'm' })), socket.sent[0]?.timestamp);
  assert.notEqual(time(client.chatGroup('lobby', 'one')), socket.sent[0]?.timestamp);
  assert.equal(time(client.chatGroup('lobby', 'one', { nonce: 'n', timestamp: 1 })), '1970-01-01T00:00:00.001Z');
});
