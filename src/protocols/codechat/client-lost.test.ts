import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import { failure, online, chatMessage, success } from '../../../testing/clients/codechat.ts';
import type { ClientEvent } from './client.ts';

test('CODE-75 CODE-76 it reconnects under its latest name, and gives an event', async () => {
  const { client, socket, clock, latest } = await online();
  const renamed = client.rename('Alice');
  socket.receive(success);
  await renamed;
  socket.drop('restart');
  clock.advance(125);
  latest().open();
  assert.deepEqual(latest().sent, [{ cmd: 'connect', username: 'Alice' }]);
  latest().receive(failure('this name is taken'));
  assert.equal(latest().closed, true);
  clock.advance(250);
  latest().open();
  latest().receive(success, chatMessage('x'));
  assert.deepEqual(await readEvents(client), [
    { cmd: 'offline', reason: 'restart' },
    { cmd: 'online' },
    chatMessage('x'),
  ]);
});

test('CODE-75 a banned client does not reconnect: a ban in the last status, and as the reason for closing', async () => {
  const { client, socket, clock } = await online();
  const pending = client.send('a');
  pending.catch(() => {});
  socket.receive(chatMessage('x'), failure('banned: spam'));
  await assert.rejects(pending, isError('banned', /^banned: spam$/));
  socket.drop('banned: spam');
  assert.equal(clock.timers, 0);
  const events: ClientEvent[] = [];
  const reading = (async () => {
    for await (const next of client) events.push(next);
  })();
  await assert.rejects(reading, isError('banned', /^banned: spam$/));
  assert.deepEqual(events, [chatMessage('x')]);
  await assert.rejects(client.send('a'), isError('closed'));
});

test('CODE-75 a banned client does not reconnect: a ban at the next login', async () => {
  const { client, socket, clock, latest } = await online();
  socket.receive(failure('banned: not even an answer'));
  socket.drop();
  clock.advance(125);
  latest().open();
  latest().receive(failure('banned: spam'));
  assert.equal(clock.timers, 0);
  const reader = client[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: { cmd: 'offline', reason: 'connection lost' } });
  await assert.rejects(reader.next(), isError('banned', /^banned: spam$/));
});

test('CODE-82 it reconnects with the password', async () => {
  const { clock, socket, latest } = await online({ password: 'secret' });
  socket.drop();
  clock.advance(125);
  latest().open();
  assert.deepEqual(latest().sent, [{ cmd: 'connect', username: 'alice', password: 'secret' }]);
});

test('CODE-80 close sends exit, and resolves when the server has ended the connection after the status', async () => {
  const { client, socket, clock } = await online();
  const sent = client.send('last');
  const closed = client.close();
  assert.deepEqual(socket.sent, [{ cmd: 'msg', msg: 'last' }, { cmd: 'exit' }]);
  await assert.rejects(client.send('too late'), isError('closed'));
  socket.receive(success, chatMessage('x'));
  await sent;
  assert.equal(socket.closed, false);
  socket.receive(success, chatMessage('y'));
  assert.equal(socket.closed, false);
  socket.drop('');
  await closed;
  assert.equal(clock.timers, 0);
  assert.deepEqual(await readEvents(client), [chatMessage('x'), chatMessage('y')]);
});
