import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import {
  font,
  hash,
  chatEvent,
  type Json,
  loggedIn,
  me,
  online,
  fixture,
  chatMessage,
  TaggedSocket,
} from '../../../testing/clients/tagged.ts';
import { connect, register } from './client.ts';

test('TAG-80 TAG-82 connect resolves once the login is answered, and sends no password', async () => {
  const { platform, latest, clock } = fixture();
  const promise = connect('ws://server/', {
    name: 'alice',
    password: 'se\u0301cret',
    status: 'Away',
    echo: true,
    platform,
  });
  await setImmediate();
  const socket = latest();
  assert.deepEqual([socket.sent, socket.binaryType], [[], 'arraybuffer']);
  socket.open();
  const login = {
    message: 'login',
    username: 'alice',
    version: 1,
    password: hash('s\u00e9cret'),
    initial_status: 'Away',
    echo: true,
    tag: '1',
  };
  assert.deepEqual(socket.sent, [login]);
  socket.answer(loggedIn);
  const client = await promise;
  assert.deepEqual([client.me, clock.timers], [me, 1]);
});

test('TAG-82 the platform’s own SHA-256 is the default', async () => {
  const made = Promise.withResolvers<TaggedSocket>();
  class Heard extends TaggedSocket {
    constructor(url: string) {
      super(url);
      made.resolve(this);
    }
  }
  const { clock } = fixture();
  const after = (ms: number, run: () => void) => clock.after(ms, run);
  const promise = connect('ws://server/', { name: 'alice', password: 'secret', platform: { WebSocket: Heard, after } });
  const socket = await made.promise;
  socket.open();
  assert.equal(socket.sent[0]?.password, hash('secret'));
  socket.answer(loggedIn);
  await promise;
});

test('TAG-80 connect rejects a name that no server could read, and a refusal has its result', async () => {
  await assert.rejects(connect('ws://server/', { name: 'a\ud800', platform: fixture().platform }), TypeError);
  const { platform, latest } = fixture();
  const promise = connect('ws://server/', { name: 'alice', platform });
  latest().open();
  latest().answer({ reply: 'login', result: 403 });
  await assert.rejects(promise, isError('refused', /words/, 403));
});

test('TAG-81 replies match requests by their tags, in any order, whatever comes between', async () => {
  const { client, socket } = await online();
  const results = [
    client.chatGroup('lobby', 'one', { timestamp: 0 }),
    client.chat('bob', 'two', { nonce: 'n', font }),
    client.friends(),
  ];
  assert.deepEqual(
    socket.sent.map(({ message, tag }) => `${message} ${tag}`),
    ['chat.group 2', 'chat.user 3', 'list.friends 4'],
  );
  assert.equal(socket.sent[0]?.timestamp, '1970-01-01T00:00:00.000Z');
  assert.deepEqual([socket.sent[1]?.nonce, socket.sent[1]?.body, socket.sent[1]?.font], ['n', 'dHdv', font]);
  socket.answer({ reply: 'detail.users', users: [] }, '4');
  socket.receive(chatMessage('a', 'x'));
  socket.answer({ result: 202, id: 'b' }, '3');
  socket.answer({ id: 'c' }, '2');
  assert.deepEqual(await Promise.all(results), [{ id: 'c' }, { id: 'b', delivered: false }, []]);
});

test('TAG-81 every method sends its request', async () => {
  const { client, socket } = await online();
  const cases: [Promise<unknown>, Json][] = [
    [client.edit('id', 'new', font), { message: 'chat.edit', id: 'id', body: 'bmV3', font }],
    [client.delete('id'), { message: 'chat.delete', id: 'id' }],
    [client.groups(), { message: 'list.groups' }],
    [client.users(['bob']), { message: 'detail.users', usernames: ['bob'] }],
    [client.groupDetails(['lobby']), { message: 'detail.groups', groupnames: ['lobby'] }],
    [
      client.historyWith('bob', { before: 'id', limit: 2 }),
      { message: 'history.user', username: 'bob', before: 'id', limit: 2 },
    ],
    [client.historyOf('lobby'), { message: 'history.group', groupname: 'lobby' }],
    [client.addFriend('bob'), { message: 'friend.add', username: 'bob' }],
    [client.removeFriend('bob'), { message: 'friend.remove', username: 'bob' }],
    [client.block('bob'), { message: 'block.add', username: 'bob' }],
    [client.unblock('bob'), { message: 'block.remove', username: 'bob' }],
    [client.createGroup('chess', 'Chess'), { message: 'group.create', groupname: 'chess', display_name: 'Chess' }],
    [client.joinGroup('chess'), { message: 'group.join', groupname: 'chess' }],
    [client.leaveGroup('chess'), { message: 'group.leave', groupname: 'chess' }],
    [client.setDisplayName('A'), { message: 'me.name', display_name: 'A' }],
    [client.setStatus('Busy'), { message: 'me.status', status: 'Busy' }],
  ];
  assert.deepEqual(
    socket.sent,
    cases.map(([, request], index) => ({ ...request, tag: `${index + 2}` })),
  );
  for (const { tag } of socket.sent) socket.answer({}, tag);
  await Promise.all(cases.map(([promise]) => promise));
  assert.deepEqual(client.me, { ...me, display_name: 'A', status: 'Busy' });
});

test('TAG-82 changing a password and registering send hashes', async () => {
  const { client, socket } = await online();
  const changed = client.setPassword('old', 'new');
  const made = client.register('secret', 'Alice');
  await setImmediate();
  assert.deepEqual(
    socket.sent.map(({ tag: _, ...rest }) => rest).toSorted((a, b) => (String(a.message) < String(b.message) ? -1 : 1)),
    [
      { message: 'me.password', old: hash('old'), new: hash('new') },
      { message: 'register', username: 'alice', password: hash('secret'), display_name: 'Alice' },
    ],
  );
  for (const { tag } of socket.sent) socket.answer({}, tag);
  await Promise.all([changed, made]);
});

test('TAG-82 TAG-83 register sends one request, on a connection of its own', async () => {
  const attempt = async (more: Json) => {
    const { platform, latest, clock } = fixture();
    const promise = register('ws://server/', { name: 'alice', password: 'secret', displayName: 'Alice', platform });
    promise.catch(() => {});
    await setImmediate();
    latest().open();
    const request = {
      message: 'register',
      username: 'alice',
      password: hash('secret'),
      display_name: 'Alice',
      tag: '1',
    };
    assert.deepEqual(latest().sent, [request]);
    latest().answer(more);
    assert.deepEqual([latest().closed, clock.timers], [true, 0]);
    return promise;
  };
  await attempt({ result: 201 });
  await assert.rejects(attempt({ result: 403 }), isError('refused', /words/, 403));
  const { platform, latest, clock } = fixture();
  const silent = register('ws://server/', { name: 'alice', password: 'secret', platform });
  silent.catch(() => {});
  await setImmediate();
  latest().open();
  clock.advance(20_000);
  await assert.rejects(silent, isError('offline', /20 s/));
});

test('TAG-83 a refusal rejects with its result and the time to wait; request resolves with it', async () => {
  const { client, socket } = await online();
  const results = [
    client.chatGroup('lobby', 'a'),
    client.request({ message: 'group.join', groupname: 'x' }),
    client.users(['x']),
    client.users(['y']),
  ];
  socket.answer({ result: 503, retry_after: 2 }, '2');
  socket.answer({ result: 404 }, '3');
  socket.answer({ result: 404 }, '4');
  socket.answer({ result: 401 }, '5');
  const settled = await Promise.allSettled(results);
  const [first, second, third, fourth] = settled.map((result) =>
    result.status === 'fulfilled' ? result.value : result.reason,
  );
  assert.deepEqual([first.code, first.result, first.retryAfterMs], ['refused', 503, 2000]);
  assert.deepEqual([second.result, third, fourth.result], [404, [], 401]);
});

test('TAG-83 details come from the push before the reply', async () => {
  const { client, socket } = await online();
  const bob = { username: 'bob', display_name: 'Bob', status: 'Away', friend: false };
  const lobby = { groupname: 'lobby', display_name: 'Lobby', members: ['bob'], member: true };
  const results = [client.users(['bob', 'x']), client.groupDetails(['lobby']), client.users([])];
  socket.receive(
    { message: 'detail.users', tag: '_1', users: [] },
    { message: 'detail.users', tag: '_2', users: [bob] },
  );
  socket.answer({ result: 206 }, '2');
  socket.receive(
    { message: 'detail.users', tag: '_3', users: [] },
    { message: 'detail.groups', tag: '_4', groups: [lobby] },
  );
  socket.answer({}, '3');
  socket.answer({ result: 204 }, '4');
  assert.deepEqual(await Promise.all(results), [[bob], [lobby], []]);
});

test('TAG-81 a request that cannot be written rejects and is not sent', async () => {
  const { client, socket } = await online();
  await assert.rejects(client.chatGroup('lobby', 'a\ud800'), TypeError);
  await assert.rejects(client.users(Array.from({ length: 1_001 }, () => 'a')), TypeError);
  assert.deepEqual(socket.sent, []);
  const { platform, sockets, clock } = fixture();
  await assert.rejects(register('ws://server/', { name: 'a\ud800', password: 'secret', platform }), TypeError);
  assert.deepEqual([sockets.length, clock.timers], [0, 0]);
});

test('TAG-88 T45 unreadable messages and unexpected replies are skipped', async () => {
  const { client, socket } = await online();
  const bytes = new TextEncoder().encode(JSON.stringify(chatMessage('b', 'é')));
  socket.receive(
    '',
    '{"message":"new"}',
    '{"message":"chat.user"}',
    '{"reply":"default"}',
    '{"a":}',
    Uint8Array.of(0x7b, 0xff, 0x7d).buffer,
  );
  socket.answer({}, '999');
  socket.answer({}, undefined);
  socket.receive(chatMessage('a', 'x'), bytes.buffer);
  assert.deepEqual(await readEvents(client), [chatEvent('a', 'x'), chatEvent('b', 'é')]);
});

test('TAG-88 T45 a message over 4 MiB ends the connection, and so does text that is no message', async () => {
  const long = (bytes: number) =>
    JSON.stringify({ ...chatMessage('a', 'x'), x: '' }).replace(/"}$/, `${'x'.repeat(bytes)}"}`);
  const overhead = long(0).length;
  for (const [frame, fits] of [
    [long(4_194_304 - overhead), true],
    [long(4_194_305 - overhead), false],
    ['hello', false],
  ] as const) {
    const { client, socket } = await online();
    socket.receive(frame, chatMessage('b', 'x'));
    assert.equal(socket.closed, !fits);
    assert.deepEqual(
      (await readEvents(client)).map(({ message }) => message),
      fits ? ['chat.group', 'chat.group'] : ['offline'],
    );
  }
});

test('TAG-88 T45 lists and history may be long', async () => {
  const { client, socket } = await online();
  const friends = client.friends();
  const user = { username: 'bob', display_name: 'Bob', status: 'Away', friend: true };
  socket.answer({ reply: 'detail.users', users: Array.from({ length: 5_000 }, () => user) });
  assert.equal((await friends).length, 5_000);
});
