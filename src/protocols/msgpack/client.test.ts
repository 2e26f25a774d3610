import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import { frameOf, loggedIn, failure, online, fixture, chatMessage, success } from '../../../testing/clients/msgpack.ts';
import { connect, register } from './client.ts';
import type { Down, Up } from './schema.ts';

const credentials = { username: 'Alice', token: 't1' };

test('MSGP-70 connect resolves once the login is answered, with the name as the server writes it', async () => {
  const { platform, latest, clock } = fixture();
  const promise = connect('ws://server/', { name: 'alice', password: 'sécret', platform });
  const socket = latest();
  assert.deepEqual([socket.sent, socket.binaryType], [[], 'arraybuffer']);
  socket.open();
  assert.deepEqual(socket.sent, [{ action: 'login', username: 'alice', password: 'sécret' }]);
  socket.receive(loggedIn);
  const client = await promise;
  assert.deepEqual([client.name, clock.timers], ['Alice', 1]);
});

test('MSGP-70 connect rejects a name that no server could read, before it connects', async () => {
  const { platform, sockets } = fixture();
  for (const [name, password] of [
    ['a\ud800', 'secret'],
    ['alice', 'a\ud800'],
    ['alice', 'x'.repeat(65_536)],
  ] as const)
    await assert.rejects(connect('ws://server/', { name, password, platform }), TypeError);
  assert.equal(sockets.length, 0);
});

test('MSGP-71 register sends one request, on a connection of its own', async () => {
  const attempt = (answer: Down) => {
    const { platform, latest, clock } = fixture();
    const promise = register('ws://server/', { name: 'alice', password: 'secret', platform });
    promise.catch(() => {});
    latest().open();
    assert.deepEqual(latest().sent, [{ action: 'register', username: 'alice', password: 'secret' }]);
    latest().receive(answer);
    assert.deepEqual([latest().closed, clock.timers], [true, 0]);
    return promise;
  };
  await attempt(success);
  await assert.rejects(attempt(failure('this name is taken')), isError('refused', /^this name is taken$/));
  await assert.rejects(attempt(loggedIn), isError('unreadable'));
  const { platform, latest, clock } = fixture();
  const silent = register('ws://server/', { name: 'alice', password: 'secret', platform });
  silent.catch(() => {});
  latest().open();
  clock.advance(20_000);
  await assert.rejects(silent, isError('offline', /20 s/));
  await assert.rejects(register('ws://server/', { name: 'a\ud800', password: 'secret', platform }), TypeError);
});

test('MSGP-72 every request carries the name and the token of the last login', async () => {
  const { client, socket, clock, latest } = await online();
  const cases: [Promise<unknown>, Up][] = [
    [client.whisper('bob', 'hi'), { action: 'whisper', ...credentials, recipient: 'bob', content: 'hi' }],
    [client.sendToGroup('chess', 'hi'), { action: 'msg_group', ...credentials, group: 'chess', content: 'hi' }],
    [client.createGroup('chess'), { action: 'create_group', ...credentials, group: 'chess' }],
    [client.joinGroup('chess'), { action: 'join_group', ...credentials, group: 'chess' }],
    [client.addContact('bob'), { action: 'add_contact', ...credentials, contact: 'bob' }],
  ];
  assert.deepEqual(
    socket.sent,
    cases.map(([, request]) => request),
  );
  for (const _ of cases) socket.receive(success);
  await Promise.all(cases.map(([promise]) => promise));
  socket.drop();
  clock.advance(125);
  latest().open();
  latest().receive({ type: 'response login', username: 'alice', token: 't2' });
  const again = client.joinGroup('chess');
  assert.deepEqual(latest().sent.at(-1), { action: 'join_group', username: 'alice', token: 't2', group: 'chess' });
  latest().receive(success);
  await again;
  assert.equal(client.name, 'alice');
});

test('MSGP-73 answers match requests in their order, whatever comes between', async () => {
  const { client, socket } = await online();
  const results = [
    client.whisper('bob', 'one'),
    client.whisper('bob', 'two'),
    client.joinGroup('x'),
    client.addContact('bob'),
    client.createGroup('y'),
  ];
  socket.receive(success, chatMessage('x'), failure('you are muted'), success, failure('banned: spam'), loggedIn);
  const settled = await Promise.allSettled(results);
  assert.deepEqual(
    settled.map((result) =>
      result.status === 'fulfilled' ? 'done' : `${result.reason.code}: ${result.reason.message}`,
    ),
    ['done', 'refused: you are muted', 'done', 'banned: banned: spam', 'unreadable: an answer to something else'],
  );
  assert.equal(socket.closed, false);
});

test('MSGP-73 MSGP-19 a request that cannot be written rejects and is not sent', async () => {
  const { client, socket } = await online();
  await assert.rejects(client.whisper('bob', 'a\ud800'), TypeError);
  await assert.rejects(client.sendToGroup('lobby', 'x'.repeat(65_536)), TypeError);
  assert.deepEqual(socket.sent, []);
  const joined = client.joinGroup('x');
  socket.receive(success);
  await joined;
});

test('MSGP-76 updates are events in both encodings, as often as they come', async () => {
  const { client, socket } = await online();
  const whisper: Down = { type: 'update whisper', sender: 'bob', content: 'é' };
  socket.receive(chatMessage('x'), chatMessage('x'), frameOf(whisper), frameOf(whisper, 'wrapped'));
  assert.deepEqual(await readEvents(client), [chatMessage('x'), chatMessage('x'), whisper, whisper]);
});

test('MSGP-77 T45 unreadable messages and unexpected answers are skipped', async () => {
  const { client, socket } = await online();
  const bytes = (...values: number[]) => Uint8Array.from(values).buffer;
  socket.receive(
    'hello',
    '',
    bytes(),
    bytes(0xc1),
    bytes(0xa6, 0x75),
    bytes(0xdd, 0xff, 0xff, 0xff, 0xff),
    success,
    failure('x'),
  );
  socket.receive(chatMessage('x'));
  assert.deepEqual(await readEvents(client), [chatMessage('x')]);
  const joined = client.joinGroup('x');
  socket.receive(success);
  await joined;
});

test('MSGP-77 T45 a frame over 262,144 bytes ends the connection', async () => {
  const overhead = frameOf(chatMessage('x'.repeat(100_000))).byteLength - 100_000;
  for (const [surplus, fits] of [
    [0, true],
    [1, false],
  ] as const) {
    const { client, socket } = await online();
    const long = 'x'.repeat(262_144 - overhead + surplus);
    socket.receive(chatMessage(long), chatMessage('y'));
    assert.equal(socket.closed, !fits);
    const events = await readEvents(client);
    assert.deepEqual(
      events.map(({ type }) => type),
      fits ? ['update msg_group', 'update msg_group'] : ['offline'],
    );
  }
});
