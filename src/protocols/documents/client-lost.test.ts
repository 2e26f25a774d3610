import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { online, session } from '../../../testing/clients/documents.ts';
import { isError } from '../../../testing/clients/fixture.ts';
import { checkDelays } from '../../../testing/clients/reconnecting.ts';
import { connect } from './client.ts';

const room = { type: 'room', id: 5 } as const;
const bob = { type: 'user', id: 8 } as const;

test('DOC-181 it reconnects after half of 250 ms, doubled up to 30 s, if the random number is a half', async () => {
  checkDelays(await online());
});

test('DOC-181 the doubling starts again after 2 s online, and not before, whatever the wall clock says', async () => {
  const { socket, clock, back } = await online();
  socket.drop();
  const second = back('resumed', 125);
  clock.advance(1_999);
  clock.jump(3_600_000);
  second.drop();
  const third = back('resumed', 250);
  clock.advance(2_000);
  clock.jump(-7_200_000);
  third.drop();
  back('resumed', 125);
});

test('DOC-181 a server that is busy is left alone for as long as it says, and then asked for the same session', async () => {
  const { client, socket, clock, sockets, latest } = await online();
  socket.drop('restart');
  assert.deepEqual(client.connection.value, { type: 'offline', reason: 'restart' });
  clock.advance(125);
  latest().open();
  latest().refuse(latest().last('reconnect'), 503, 50, { retry_after: 3 });
  assert.equal(latest().closed, true);
  clock.advance(2_999);
  assert.equal(sockets.length, 2);
  clock.advance(1);
  latest().open();
  assert.deepEqual(latest().sent[0]?.data, { session: session.session });
});

test('DOC-182 DOC-192 a session that is gone: it logs in on the same connection, with its current password', async () => {
  const { client, socket, clock, latest } = await online({ password: 'old' });
  const changed = client.setPassword('old', 'new');
  socket.answer(socket.last('password'));
  await changed;
  socket.drop();
  clock.advance(125);
  latest().open();
  latest().refuse(latest().last('reconnect'), 401, 20);
  assert.deepEqual(latest().last('login').data, { username: 'alice', password: 'new' });
  latest().answer(latest().last('login'), 200, { ...session, session: 'secret-2' });
  assert.deepEqual(client.connection.value, { type: 'connected', resumed: false });
  assert.equal(client.session.session, 'secret-2');
  latest().drop();
  clock.advance(250);
  latest().open();
  assert.deepEqual(latest().last('reconnect').data, { session: 'secret-2' });
});

test('DOC-182 DOC-190 after a refusal of the person it does not reconnect, and all that is watched ends with it', async () => {
  for (const [request, status, part, isFinal] of [
    ['login', 401, 30, true],
    ['login', 400, 0, true],
    ['login', 403, 40, true],
    ['reconnect', 403, 40, true],
    ['login', 409, 30, false],
    ['login', 500, 99, false],
    ['reconnect', 500, 99, false],
  ] as const) {
    const { client, socket, clock, latest } = await online();
    const live = client.watch(bob);
    const first = live[Symbol.asyncIterator]().next();
    first.catch(() => {});
    const message = client.send(room, 'x');
    socket.receive({ type: 'error', status: 403, data: { code: 4_030_000, msg: 'banned: spam' } });
    socket.drop();
    assert.deepEqual(client.connection.value, { type: 'offline', reason: 'banned: spam' });
    clock.advance(125);
    latest().open();
    if (request === 'login') latest().refuse(latest().last('reconnect'), 401, 20);
    latest().refuse(latest().last(request), status, part);
    assert.equal(client.connection.value?.type, isFinal ? 'refused' : 'offline', `${request} ${status}`);
    assert.equal(clock.timers, isFinal ? 0 : 1);
    if (isFinal) await assert.rejects(first, isError('refused', /words/));
    if (isFinal) await assert.rejects(message, isError('refused', /words/));
    if (isFinal) await assert.rejects(client.request('get_content', { key: bob }), isError('closed'));
    await client.close();
  }
});

test('DOC-192 DOC-194 after reconnect what is safe to repeat goes again, in order and with its ids; the rest rejects at once', async () => {
  const { client, socket, back } = await online();
  const writes = [
    client.add(client.keys.fav, { key: bob }),
    client.remove(client.keys.fav, { key: bob }),
    client.patch(bob, { status: 'x' }),
    client.register('secret'),
  ];
  const others = [
    client.request('get_content', { key: bob }),
    client.ban({ room, person: bob }),
    client.setPassword('old', 'new'),
  ];
  const [first] = socket.sent;
  const before = socket.sent.slice(0, 4);
  socket.answer(first ?? {}, 200, { key: bob });
  socket.drop();
  for (const promise of others) await assert.rejects(promise, isError('unknown-outcome', /unknown/));
  await assert.rejects(client.patch(bob, { status: 'y' }), isError('offline'));
  const second = back('resumed');
  assert.deepEqual(second.sent, before.slice(1));
  socket.answer(before[1] ?? {}); // An answer of the lost connection, too late.
  second.drop();
  const third = back('resumed', 250);
  assert.deepEqual(third.sent, before.slice(1));
  for (const request of third.sent) third.answer(request, request.cls === 'register' ? 201 : 200, { ver: ['a', 1] });
  assert.deepEqual(await Promise.all(writes), [bob, undefined, ['a', 1], undefined]);
  third.drop();
  assert.deepEqual(back('resumed', 500).sent, []);
});

test('DOC-192 after a new login nobody knows what became of them', async () => {
  const { client, socket, back } = await online();
  const promise = client.patch(bob, { status: 'x' });
  socket.drop();
  const second = back('anew');
  await assert.rejects(promise, isError('unknown-outcome'));
  assert.deepEqual(second.sent, []);
  second.drop();
  assert.deepEqual(back('resumed', 250).sent, []);
});

test('DOC-193 a busy server did not say whether a repeated request was done: only another connection asks again', async () => {
  const { client, socket, clock, back } = await online();
  const promise = client.patch(bob, { status: 'x' });
  const [request = {}] = socket.sent;
  socket.drop();
  const second = back('resumed');
  clock.advance(10_000);
  second.refuse(request, 503, 50, { retry_after: 2 });
  clock.advance(1_999);
  assert.equal(second.closed, false);
  clock.advance(1);
  assert.equal(second.closed, true);
  const third = back('resumed');
  assert.deepEqual(third.sent, [request]);
  third.refuse(request, 500, 99);
  clock.advance(1_000);
  assert.equal(third.closed, true);
  const fourth = back('resumed', 250);
  fourth.answer(request, 200, { ver: ['a', 2] });
  assert.deepEqual(await promise, ['a', 2]);

  const direct = client.patch(bob, { status: 'y' });
  fourth.refuse(fourth.last('patch_content'), 503, 50, { retry_after: 2 });
  await assert.rejects(direct, isError('refused'));
  assert.equal(fourth.closed, false);
});

test('DOC-201 a silent connection is probed after 30 s and given up after 60 s', async () => {
  const { client, socket, clock } = await online();
  socket.receive({ type: 'request', id: 'a', cls: 'changed', data: [] });
  socket.sent.length = 0;
  clock.advance(30_000);
  assert.deepEqual(socket.sent, []);
  clock.advance(30_000);
  assert.deepEqual(
    socket.sent.map(({ cls, data }) => [cls, data]),
    [['get_content', { key: session.self }]],
  );
  socket.answer(socket.last('get_content'), 204);
  clock.advance(30_000);
  assert.deepEqual([socket.sent.length, socket.closed], [1, false]);
  clock.advance(59_999);
  assert.deepEqual([socket.sent.length, socket.closed], [2, false]);
  clock.advance(1);
  assert.equal(socket.closed, true);
  assert.deepEqual(client.connection.value, { type: 'offline', reason: 'nothing heard' });
});

test('DOC-204 who checks connects at once, and notices a dead connection after 5 s', async () => {
  const { client, socket, clock, sockets, latest, back } = await online();
  client.check();
  client.check();
  assert.deepEqual(
    socket.sent.map(({ cls }) => cls),
    ['get_content'],
  );
  socket.answer(socket.last('get_content'), 204);
  clock.advance(5_000);
  assert.equal(socket.closed, false);
  clock.advance(30_000);
  assert.equal(socket.sent.length, 2);
  socket.answer(socket.last('get_content'), 204);
  client.check();
  clock.advance(4_999);
  client.check();
  assert.equal(socket.closed, false);
  clock.advance(1);
  assert.equal(socket.closed, true);
  client.check();
  assert.equal(sockets.length, 2);
  client.check();
  assert.equal(sockets.length, 2);
  const second = back('resumed', 0);
  assert.equal(client.connection.value?.type, 'connected');
  clock.advance(60_000);
  assert.deepEqual([sockets.length, second.sent.length], [2, 1]);
  second.drop();
  for (const ms of [125, 250, 500]) {
    clock.advance(ms);
    latest().drop();
  }
  client.check();
  latest().drop();
  clock.advance(125);
  assert.equal(sockets.length, 7);
  await client.close({ keepSession: true });
  client.check();
  assert.deepEqual([clock.timers, sockets.length], [0, 7]);
});

test('DOC-205 a client whose session goes on elsewhere does not take it back', async () => {
  const { client, socket, clock } = await online();
  socket.drop('the session goes on on another connection');
  assert.deepEqual([client.connection.value?.type, clock.timers], ['refused', 0]);
});

test('DOC-190 a listener that throws keeps nobody else from hearing', async () => {
  const { client, socket } = await online();
  const thrown: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', (error) => thrown.push(error));
  const heard: unknown[] = [];
  client.connection.subscribe(() => {
    throw new Error('a mistake of the application');
  });
  client.connection.subscribe(({ value }) => heard.push(value?.type));
  socket.drop();
  await setImmediate();
  for (const listener of listeners) process.on('uncaughtException', listener);
  assert.deepEqual(heard, ['offline']);
  assert.deepEqual(thrown.map(String), ['Error: a mistake of the application']);
});

test('DOC-182 an unwelcome answer to a kept session other than busy means to log in', async () => {
  const { platform, latest } = await online();
  const promise = connect('ws://server/', { name: 'alice', session, platform });
  await setImmediate();
  latest().open();
  latest().refuse(latest().last('reconnect'), 400);
  latest().answer(latest().last('login'), 200, session);
  assert.equal((await promise).connection.value?.type, 'connected');
});
