import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import { loggedIn, failure, online, chatMessage, success } from '../../../testing/clients/msgpack.ts';
import type { ClientEvent } from './client.ts';

const login = { action: 'login', username: 'alice', password: 'secret' };

test('MSGP-75 MSGP-76 it logs in again until it succeeds, and gives an event', async () => {
  const { client, socket, clock, latest } = await online();
  socket.drop('restart');
  clock.advance(125);
  latest().open();
  assert.deepEqual(latest().sent, [login]);
  latest().receive(failure('too many are being served, try again in a moment'));
  assert.equal(latest().closed, true);
  clock.advance(250);
  latest().open();
  assert.deepEqual(latest().sent, [login]);
  latest().receive(loggedIn, chatMessage('x'));
  assert.deepEqual(await readEvents(client), [
    { type: 'offline', reason: 'restart' },
    { type: 'online' },
    chatMessage('x'),
  ]);
});

test('MSGP-80 after a refused token the client reconnects, and the next login brings another token', async () => {
  const { client, socket, clock, latest } = await online();
  const refused = client.joinGroup('x');
  socket.receive(failure('wrong name, password or token'));
  await assert.rejects(refused, isError('refused', /token/));
  assert.equal(socket.closed, true);
  clock.advance(125);
  latest().open();
  assert.deepEqual(latest().sent, [login]);
  latest().receive({ type: 'response login', username: 'Alice', token: 't2' });
  const joined = client.joinGroup('x');
  assert.deepEqual(latest().sent.at(-1), { action: 'join_group', username: 'Alice', token: 't2', group: 'x' });
  latest().receive(success);
  await joined;
  const muted = client.joinGroup('x');
  latest().receive(failure('you are muted'));
  await assert.rejects(muted, isError('refused', /muted/));
  assert.equal(latest().closed, false);
  assert.deepEqual(await readEvents(client), [{ type: 'offline', reason: 'the token has ended' }, { type: 'online' }]);
});

test('MSGP-80 the refusal of an older token ends nothing', async () => {
  const { client, socket, clock, latest } = await online();
  const refused = client.joinGroup('x');
  refused.catch(() => {});
  socket.receive(failure('wrong name, password or token'));
  socket.drop();
  clock.advance(125);
  latest().open();
  latest().receive({ type: 'response login', username: 'Alice', token: 't2' });
  await assert.rejects(refused, isError('refused', /token/));
  assert.equal(latest().closed, false);
});

test('MSGP-75 MSGP-74 a banned client does not reconnect: a ban as the reason for closing', async () => {
  const { client, socket, clock } = await online();
  const pending = client.joinGroup('x');
  pending.catch(() => {});
  socket.receive(chatMessage('x'));
  socket.drop('banned: spam');
  assert.equal(clock.timers, 0);
  await assert.rejects(pending, isError('unknown-outcome'));
  const events: ClientEvent[] = [];
  const reading = (async () => {
    for await (const next of client) events.push(next);
  })();
  await assert.rejects(reading, isError('banned', /^banned: spam$/));
  assert.deepEqual(events, [chatMessage('x')]);
  await assert.rejects(client.joinGroup('x'), isError('closed'));
});

test('MSGP-75 a banned client, or one with an old password, does not reconnect: a refusal at the login', async () => {
  for (const [words, code] of [
    ['banned: spam', 'banned'],
    ['wrong name, password or token', 'refused'],
  ] as const) {
    const { client, socket, clock, latest } = await online();
    socket.drop();
    clock.advance(125);
    latest().open();
    latest().receive(failure(words));
    assert.equal(clock.timers, 0);
    const reader = client[Symbol.asyncIterator]();
    assert.deepEqual(await reader.next(), { done: false, value: { type: 'offline', reason: 'connection lost' } });
    await assert.rejects(reader.next(), isError(code, new RegExp(`^${words}$`)));
  }
});

test('MSGP-79 close logs out, and resolves at the answer', async () => {
  const { client, socket, clock } = await online();
  const sent = client.joinGroup('x');
  const closed = client.close();
  assert.deepEqual(
    socket.sent.map(({ action }) => action),
    ['join_group', 'logout'],
  );
  socket.receive(success, chatMessage('x'));
  await sent;
  assert.equal(socket.closed, false);
  socket.receive(success, chatMessage('y'));
  await closed;
  assert.deepEqual([socket.closed, clock.timers], [true, 0]);
  assert.deepEqual(await readEvents(client), [chatMessage('x')]);
});
