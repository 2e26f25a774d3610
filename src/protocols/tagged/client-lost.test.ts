import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { hash, heard, isError, type Json, loggedIn, online, said, unread } from '../../../testing/tagged-place.ts';
import type { ClientEvent } from './client.ts';

test('TAG-84 a lost connection leaves the outcome of what was asked unknown, and what is asked later unsent', async () => {
  const { client, socket, clock, latest } = await online();
  const pending = [client.chatGroup('lobby', 'a'), client.friends()];
  socket.lose();
  for (const promise of pending) await assert.rejects(promise, isError('unknown-outcome', /unknown/));
  await assert.rejects(client.friends(), isError('offline'));
  clock.advance(1_000);
  latest().open();
  await assert.rejects(client.friends(), isError('offline'));
  assert.deepEqual(
    latest().sent.map(({ message }) => message),
    ['login'],
  );
});

test('TAG-85 it tries again after half of 250 ms, doubled up to 30 s, where chance is a half', async () => {
  const { socket, clock, sockets, latest } = await online();
  socket.lose();
  for (const most of [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = sockets.length;
    clock.advance(most / 2 - 1);
    assert.equal(sockets.length, before, `${most}`);
    clock.advance(1);
    assert.equal(sockets.length, before + 1, `${most}`);
    latest().lose();
  }
});

test('TAG-85 the doubling begins anew after 30 s online, and not before', async () => {
  const { socket, clock, sockets, latest } = await online();
  const back = (ms: number) => {
    clock.advance(ms - 1);
    const before = sockets.length;
    clock.advance(1);
    assert.equal(sockets.length, before + 1);
    latest().open();
    latest().answer(loggedIn);
  };
  socket.lose();
  back(125);
  clock.advance(29_999);
  latest().lose();
  back(250);
  clock.advance(30_000);
  latest().lose();
  back(125);
});

test('TAG-85 TAG-87 it comes back with its present status and password, and says so', async () => {
  const { client, socket, clock, latest } = await online({ password: 'old', status: 'Away' });
  const changed = [client.setStatus('Busy'), client.setPassword('old', 'new')];
  await setImmediate();
  for (const { tag } of socket.sent) socket.answer({}, tag);
  await Promise.all(changed);
  socket.lose('restart');
  clock.advance(125);
  latest().open();
  assert.deepEqual([latest().sent[0]?.initial_status, latest().sent[0]?.password], ['Busy', hash('new')]);
  latest().answer({ reply: 'login', result: 503 });
  assert.equal(latest().closed, true);
  clock.advance(250);
  latest().open();
  latest().answer(loggedIn);
  latest().hear(said('a', 'x'));
  assert.deepEqual(await unread(client), [
    { message: 'offline', reason: 'restart' },
    { message: 'online' },
    heard('a', 'x'),
  ]);
});

test('TAG-85 after a 401 or a ban it stays away, told on the spot or when coming back', async () => {
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
    all.socket.lose();
    all.clock.advance(125);
    all.latest().open();
    all.latest().answer({ reply: 'login', ...more });
  };
  await told(({ socket }) => socket.lose('banned: spam'), /^banned: spam$/);
  await told(back({ result: 403, result_message: 'banned: spam' }), /^banned: spam$/);
  await told(back({ result: 401, result_message: 'no' }), /^no$/);
});

test('TAG-86 what was seen is not given again; equal texts under other tags are', async () => {
  const { client, socket } = await online();
  socket.hear(
    said('a', '1'),
    said('b', '1'),
    said('a', '1'),
    { message: 'detail.users', tag: '_1', users: [] },
    { message: 'detail.users', tag: '_1', users: [] },
  );
  assert.deepEqual(
    (await unread(client)).map((event) => ('tag' in event ? event.tag : '')),
    ['_a', '_b', '_1', '_1'],
  );
});

test('TAG-86 the last 2,000 tags are remembered', async () => {
  const { client, socket } = await online();
  const reader = client[Symbol.asyncIterator]();
  for (let index = 0; index < 2_001; index++) {
    socket.hear(said(`${index}`, 'x'));
    await reader.next();
  }
  socket.hear(said('1', 'x'), said('0', 'x'));
  assert.deepEqual(await unread(client), [heard('0', 'x')]);
});

test('TAG-87 of events that nobody reads the last 1,024 are kept, and one that counts the others', async () => {
  const { client, socket } = await online();
  for (let index = 0; index < 1_030; index++) socket.hear(said(`${index}`, 'x'));
  const events = await unread(client);
  assert.deepEqual(events.slice(0, 2), [{ message: 'missed', count: 6 }, heard('6', 'x')]);
  assert.equal(events.length, 1_025);
});

test('TAG-89 close says logout, ends with the connection, and the iterator with it', async () => {
  const { client, socket, clock } = await online();
  socket.hear(said('a', 'x'));
  const closed = client.close();
  assert.deepEqual(socket.sent, [{ message: 'logout' }]);
  await assert.rejects(client.friends(), isError('closed'));
  socket.lose();
  await closed;
  const events: ClientEvent[] = [];
  for await (const event of client) events.push(event);
  assert.deepEqual([events, clock.timers], [[heard('a', 'x')], 0]);
  await client.close();
});

test('TAG-89 close waits 2 s at most, and needs no connection', async () => {
  const { client, socket, clock, sockets } = await online();
  const closed = client.close();
  clock.advance(1_999);
  assert.equal(socket.closed, false);
  clock.advance(1);
  assert.equal(socket.closed, true);
  await closed;
  assert.deepEqual([sockets.length, clock.timers], [1, 0]);
  for (const ms of [0, 125]) {
    const all = await online();
    all.socket.lose();
    all.clock.advance(ms);
    await all.client.close();
    all.clock.advance(60_000);
    assert.deepEqual([all.clock.timers, all.latest().closed, all.sockets.length], [0, true, ms > 0 ? 2 : 1]);
  }
});

test('TAG-90 a silent connection is asked after 30 s and given up after 60 s', async () => {
  const { client, socket, clock } = await online();
  socket.hear(said('a', 'x'));
  clock.advance(30_000);
  assert.deepEqual(socket.sent, []);
  clock.advance(30_000);
  assert.deepEqual(socket.sent, [{ message: 'detail.users', usernames: [], tag: '2' }]);
  socket.answer({ result: 204 });
  clock.advance(30_000);
  assert.deepEqual([socket.sent.length, socket.closed], [1, false]);
  clock.advance(59_999);
  assert.deepEqual([socket.sent.length, socket.closed], [2, false]);
  clock.advance(1);
  assert.equal(socket.closed, true);
  assert.deepEqual(
    (await unread(client)).map(({ message }) => message),
    ['chat.group', 'offline'],
  );
});
