import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fixture, online, session, welcome } from '../../../testing/clients/documents.ts';
import { isError } from '../../../testing/clients/fixture.ts';
import type { Json } from '../../../testing/documents.ts';
import { connect, DocumentsError, register } from './client.ts';

const room = { type: 'room', id: 5 } as const;
const bob = { type: 'user', id: 8 } as const;
const withoutId = ({ id: _, type: __, ...rest }: Json) => rest;

test('DOC-180 connect resolves once the login is answered; the session and the keys are those of the answer', async () => {
  const { platform, latest, clock } = fixture();
  const promise = connect('ws://server/', { name: 'alice', password: 'secret', platform });
  await setImmediate();
  assert.deepEqual([latest().sent, latest().binaryType], [[], 'arraybuffer']);
  latest().open();
  assert.deepEqual(latest().sent.map(withoutId), [{ cls: 'login', data: { username: 'alice', password: 'secret' } }]);
  welcome(latest());
  const client = await promise;
  const { session: _, config: __, ...keys } = session;
  assert.deepEqual([client.session, client.keys, clock.timers], [session, keys, 1]);
  assert.deepEqual(client.connection.value, { type: 'connected', resumed: false });
});

test('DOC-180 connect rejects if the server refuses, closes, is silent for 20 s, or answers nonsense', async () => {
  const attempt = async (act: (all: ReturnType<typeof fixture>) => void) => {
    const all = fixture();
    const promise = connect('ws://server/', { name: 'alice', platform: all.platform });
    promise.catch(() => {});
    await setImmediate();
    act(all);
    all.clock.advance(60_000);
    assert.deepEqual([all.sockets.length, all.sockets[0]?.closed, all.clock.timers], [1, true, 0]);
    return promise;
  };
  const opened = (status: number, more: Json) =>
    attempt(({ latest }) => {
      latest().open();
      latest().receive({ ...latest().last('login'), status, ...more });
    });
  const refusal = { type: 'error', data: { code: 4_010_130, msg: 'Invalid Credential' } };
  await assert.rejects(opened(401, refusal), (error: unknown) => {
    assert.ok(error instanceof DocumentsError);
    assert.deepEqual([error.code, error.status, error.serverCode], ['refused', 401, 4_010_130]);
    return true;
  });
  await assert.rejects(opened(200, { type: 'result', data: { self: 1 } }), isError('unreadable'));
  await assert.rejects(opened(200, { type: 'result', cls: 'ban' }), isError('unreadable'));
  const long = { ...session, session: 'x'.repeat(100_000) };
  await assert.rejects(opened(200, { type: 'result', data: long }), isError('unreadable'));
  await assert.rejects(
    attempt(({ latest }) => latest().drop('go away')),
    isError('offline', /^go away$/),
  );
  await assert.rejects(
    attempt(({ latest }) => latest().open()),
    isError('offline', /20 s/),
  );
  await assert.rejects(connect('ws://server/', { name: 'a\ud800', platform: fixture().platform }), TypeError);
});

test('DOC-180 DOC-182 with a kept session it goes on, or logs in if the server does not know it', async () => {
  for (const isKnown of [true, false]) {
    const { platform, latest } = fixture();
    const promise = connect('ws://server/', { name: 'alice', session, platform });
    await setImmediate();
    latest().open();
    assert.deepEqual(latest().sent.map(withoutId), [{ cls: 'reconnect', data: { session: 'secret-1' } }]);
    if (isKnown) welcome(latest());
    else {
      latest().refuse(latest().last('reconnect'), 401, 20);
      latest().answer(latest().last('login'), 200, { ...session, session: 'secret-2' });
    }
    const client = await promise;
    assert.equal(client.session.session, isKnown ? 'secret-1' : 'secret-2');
    assert.deepEqual(client.connection.value, { type: 'connected', resumed: isKnown });
  }
});

test('DOC-191 answers match requests by their ids, in any order, whatever comes between; ids are never used twice', async () => {
  const { client, socket, back } = await online();
  const results = [
    client.add(client.keys.fav, { key: bob }),
    client.request('get_content', { key: bob }),
    client.request('get_content', { key: room }),
  ];
  const [first = {}, second = {}, third = {}] = socket.sent;
  socket.receive({ type: 'result', id: 'unknown', cls: 'get_content', status: 204 });
  socket.answer(third, 204);
  socket.answer(second, 200, { key: bob, ver: ['a', 1], content: { name: 'Bob' } });
  socket.answer(first, 200, { key: bob });
  const [added, content, same] = await Promise.all(results);
  assert.deepEqual(added, bob);
  assert.deepEqual(
    [content, same],
    [
      {
        type: 'result',
        id: second.id,
        cls: 'get_content',
        status: 200,
        data: { key: bob, ver: ['a', 1], content: { name: 'Bob' } },
      },
      { type: 'result', id: third.id, cls: 'get_content', status: 204 },
    ],
  );
  const ids = socket.sent.map(({ id }) => id);
  socket.drop();
  const again = back('resumed');
  void client.request('get_content', { key: bob }).catch(() => {});
  ids.push(...again.sent.map(({ id }) => id));
  assert.deepEqual([ids.length, new Set(ids).size], [4, 4]);
  let number = 0;
  const other = await online({ platform: { random: () => ++number / 7 } });
  void other.client.request('get_content', { key: bob }).catch(() => {});
  assert.ok(!ids.includes(other.socket.sent[0]?.id));
});

test('DOC-203 each request is what the method says, and rejects with what the server says', async () => {
  const { client, socket } = await online();
  const cases: [Promise<unknown>, Json, status: number, data?: Json][] = [
    [
      client.add(client.keys.rooms, { key: { type: 'room' }, name: 'Den' }),
      { cls: 'add_child', data: { key: client.keys.rooms, obj: { key: { type: 'room' }, name: 'Den' } } },
      200,
      { key: room },
    ],
    [
      client.remove(client.keys.rooms, { key: room }),
      { cls: 'remove_child', data: { key: client.keys.rooms, obj: { key: room } } },
      200,
    ],
    [
      client.patch(bob, { status: 'x', 'a/b': undefined }),
      {
        cls: 'patch_content',
        data: {
          key: bob,
          patch: [
            { op: 'add', path: '/status', value: 'x' },
            { op: 'remove', path: '/a~1b' },
          ],
        },
      },
      200,
      { ver: ['a', 2] },
    ],
    [
      client.patch(bob, [{ op: 'remove', path: '/x' }], ['a', 1]),
      { cls: 'patch_content', data: { key: bob, patch: [{ op: 'remove', path: '/x' }], ver: ['a', 1] } },
      200,
      { ver: ['a', 2] },
    ],
    [client.ban({ room, person: bob, until: 9 }), { cls: 'ban', data: { room, person: bob, until: 9 } }, 200],
    [client.setPassword('old', 'new'), { cls: 'password', data: { old: 'old', new: 'new' } }, 200],
    [
      client.register('secret', 'Alice'),
      { cls: 'register', data: { username: 'alice', password: 'secret', display_name: 'Alice' } },
      201,
    ],
  ];
  assert.deepEqual(
    socket.sent.map(withoutId),
    cases.map(([, request]) => request),
  );
  for (const [index, [, , status, data]] of cases.entries()) socket.answer(socket.sent[index] ?? {}, status, data);
  assert.deepEqual(await Promise.all(cases.map(([promise]) => promise)), [
    room,
    undefined,
    ['a', 2],
    ['a', 2],
    undefined,
    undefined,
    undefined,
  ]);
  const refused = client.patch(bob, { status: 'x' });
  socket.refuse(socket.last('patch_content'), 503, 50, { retry_after: 2 });
  await assert.rejects(refused, (error: unknown) => {
    assert.ok(error instanceof DocumentsError);
    const { code, status, serverCode, message, retryAfterMs } = error;
    assert.deepEqual([code, status, serverCode, message, retryAfterMs], ['refused', 503, 5_030_050, 'words', 2_000]);
    return true;
  });
  await assert.rejects(client.patch(bob, { a: 'a\ud800' }), TypeError);
});

test('DOC-203 register sends one request, on a connection of its own', async () => {
  const attempt = async (act: (all: ReturnType<typeof fixture>) => void) => {
    const all = fixture();
    const promise = register('ws://server/', {
      name: 'alice',
      password: 'secret',
      displayName: 'Alice',
      platform: all.platform,
    });
    promise.catch(() => {});
    await setImmediate();
    all.latest().open();
    const data = { username: 'alice', password: 'secret', display_name: 'Alice' };
    assert.deepEqual(all.latest().sent.map(withoutId), [{ cls: 'register', data }]);
    act(all);
    all.clock.advance(20_000);
    assert.deepEqual([all.latest().closed, all.clock.timers], [true, 0]);
    return promise;
  };
  await attempt(({ latest }) => latest().answer(latest().last('register'), 201));
  await assert.rejects(
    attempt(({ latest }) => latest().refuse(latest().last('register'), 409, 30)),
    isError('refused', /words/),
  );
  await assert.rejects(
    attempt(() => {}),
    isError('offline', /20 s/),
  );
});

test('DOC-200 T45 what cannot be read is skipped, but as an answer it rejects; what is too long ends the connection', async () => {
  const { client, socket } = await online();
  const results = [client.request('get_content', { key: bob }), client.remove(client.keys.fav, { key: bob })];
  const [first = {}, second = {}] = socket.sent;
  socket.receive('', '{"type":"notify","cls":"news"}', '{"a":}', '{"type":"request","id":"x","cls":"changed"}');
  socket.receive(
    { ...first, type: 'result', status: 200, data: {} },
    { ...second, type: 'result', cls: 'ban', status: 200 },
  );
  const settled = await Promise.allSettled(results);
  for (const result of settled) assert.ok(result.status === 'rejected' && isError('unreadable')(result.reason));
  assert.equal(socket.closed, false);
  const long = { type: 'result', id: 'x', cls: 'get_content', status: 204, more: 'x'.repeat(4_194_304) };
  socket.receive(long);
  assert.equal(socket.closed, true);
  assert.equal(client.connection.value?.type, 'offline');
});

test('DOC-206 typing goes both ways, and nowhere while offline', async () => {
  const { client, socket } = await online();
  const heard: unknown[] = [];
  const stop = client.subscribeTyping((typing) => heard.push(typing));
  client.typing(room);
  client.typing(room, false);
  assert.deepEqual(socket.sent, [
    { type: 'notify', cls: 'typing', data: { key: room, typing: true } },
    { type: 'notify', cls: 'typing', data: { key: room, typing: false } },
  ]);
  const notice = { type: 'notify', cls: 'typing', data: { key: room, user: bob, typing: true } };
  socket.receive(notice);
  stop();
  socket.receive(notice);
  assert.deepEqual(heard, [notice.data]);
  socket.drop();
  client.typing(room);
  assert.equal(socket.sent.length, 2);
});

test('DOC-202 close logs out and ends everything, after 2 s at the latest; a kept session is left as it is', async () => {
  const all = await online();
  const live = all.client.watch(bob);
  const values = reading(live);
  const closed = all.client.close();
  assert.equal(all.client.close(), closed);
  assert.equal(all.socket.sent.at(-1)?.cls, 'logout');
  await assert.rejects(all.client.request('get_content', { key: bob }), isError('closed'));
  await assert.rejects(all.client.send(room, 'x'), isError('closed'));
  all.socket.answer(all.socket.last('logout'));
  await closed;
  assert.deepEqual(await values, []);
  assert.deepEqual([all.socket.closed, all.clock.timers, all.client.connection.value], [true, 0, { type: 'closed' }]);

  const slow = await online();
  const late = slow.client.close();
  slow.clock.advance(1_999);
  assert.equal(slow.socket.closed, false);
  slow.clock.advance(1);
  await late;
  assert.deepEqual([slow.socket.closed, slow.sockets.length, slow.clock.timers], [true, 1, 0]);

  const kept = await online();
  await kept.client.close({ keepSession: true });
  assert.deepEqual([kept.socket.sent, kept.socket.closed, kept.clock.timers], [[], true, 0]);
});

test('DOC-202 close works while the client waits to reconnect, and while it reconnects', async () => {
  for (const ms of [0, 125]) {
    const { client, socket, clock, sockets, latest } = await online();
    socket.drop();
    clock.advance(ms);
    await client.close();
    clock.advance(60_000);
    assert.deepEqual([clock.timers, latest().closed, sockets.length], [0, true, ms > 0 ? 2 : 1]);
  }
});

test('DOC-202 who deletes the account does not come back', async () => {
  const { client, socket, clock } = await online({ password: 'secret' });
  const deleted = client.deleteAccount('secret');
  socket.answer(socket.last('delete_account'));
  await deleted;
  assert.deepEqual([socket.closed, clock.timers, client.connection.value], [true, 0, { type: 'closed' }]);
});

/** All values until the end. */
async function reading<T>(live: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of live) values.push(value);
  return values;
}
