import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type C2Socket, event, msg, online, fixture } from '../../../testing/clients/c2.ts';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import { connect, ping } from './client.ts';

test('C2-70 connect resolves once the name is acknowledged', async () => {
  const { platform, latest, clock } = fixture();
  const promise = connect('ws://server/', { name: 'alice', password: 'a; b', platform });
  const socket = latest();
  assert.deepEqual([socket.sent, socket.binaryType], [[], 'arraybuffer']);
  socket.open();
  assert.deepEqual(socket.sent, ['c2/CONNECT alice; a; b']);
  socket.receive('c2/ACKNOWLEDGE Test Server');
  const client = await promise;
  assert.deepEqual([client.name, client.server, clock.timers], ['alice', 'Test Server', 1]);
});

test('C2-70 connect rejects a name that no server could read', async () => {
  await assert.rejects(connect('ws://server/', { name: 'a;b', platform: fixture().platform }), TypeError);
});

test('C2-71 C2-72 answers match requests in their order, whatever comes between', async () => {
  const { client, socket, clock } = await online();
  const results = [
    client.send('one', { timestamp: 7 }),
    client.send('two'),
    client.edit('id', 'new'),
    client.users(),
    client.rename('Alice'),
    client.request({ type: 'PING', timestamp: '1' }),
    client.request({ type: 'UPDATE', property: 'username', value: 'bob' }),
  ];
  assert.deepEqual(socket.sent, [
    'c2/MSG 7; one',
    `c2/MSG ${clock.now()}; two`,
    'c2/QUERY update_message; id; new',
    'c2/QUERY active_users',
    'c2/UPDATE username; Alice',
    'c2/PING 1',
    'c2/UPDATE username; bob',
  ]);
  socket.receive(
    'c2/ACKNOWLEDGE',
    msg('a', 'x'),
    'c2/ERROR too fast',
    'c2/ACKNOWLEDGE',
    'c2/ACKNOWLEDGE [alice,Bob Dylan]',
  );
  socket.receive('c2/ACKNOWLEDGE', 'c2/UPDATE alice; username; Alice', 'c2/PING 1; 5', 'c2/ERROR no');
  const settled = await Promise.allSettled(results);
  assert.deepEqual(
    settled.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code)),
    [
      undefined,
      'refused',
      undefined,
      ['alice', 'Bob Dylan'],
      undefined,
      { type: 'PING', timestamp: '1', server: 5 },
      { type: 'ERROR', reason: 'no' },
    ],
  );
  assert.equal(client.name, 'Alice');
});

test('C2-72 an answer of the wrong type is unreadable, and a refused rename changes no name', async () => {
  const { client, socket } = await online();
  const results = [client.users(), client.users(), client.send('a'), client.rename('bob')];
  socket.receive('c2/ACKNOWLEDGE []', 'c2/ACKNOWLEDGE alice', 'c2/PING 5', 'c2/ERROR this name is taken');
  assert.deepEqual(await results[0], []);
  await assert.rejects(results[1] as Promise<unknown>, isError('unreadable'));
  await assert.rejects(results[2] as Promise<unknown>, isError('unreadable'));
  await assert.rejects(results[3] as Promise<unknown>, isError('refused'));
  assert.equal(client.name, 'alice');
});

test('C2-72 a c2/ERROR with a ban rejects with banned, in connect and in requests', async () => {
  const { platform, latest } = fixture();
  const connecting = connect('ws://server/', { name: 'alice', platform });
  latest().open();
  latest().receive('c2/ERROR banned: spam');
  await assert.rejects(connecting, isError('banned', /^banned: spam$/));
  const { client, socket } = await online();
  const renaming = client.rename('eve');
  socket.receive('c2/ERROR banned: noise');
  await assert.rejects(renaming, isError('banned', /^banned: noise$/));
  assert.deepEqual([client.name, socket.closed], ['alice', false]);
});

test('C2-71 a request that cannot be written rejects and is not sent', async () => {
  const { client, socket } = await online();
  await assert.rejects(client.rename('a;b'), TypeError);
  await assert.rejects(client.send(''), TypeError);
  const users = client.users();
  socket.receive('c2/ACKNOWLEDGE [alice]');
  assert.deepEqual(await users, ['alice']);
});

test('C2-77 every push is an event, as text or as bytes', async () => {
  const { client, socket } = await online();
  const bytes = new TextEncoder().encode(msg('a', 'é'));
  socket.receive(
    bytes.buffer,
    'c2/UPDATE bob; username; Bob',
    'c2/DISCONNECT disconnect; bob',
    'c2/DISCONNECT lost_connection; c',
  );
  assert.deepEqual(await readEvents(client), [
    event('a', 'é'),
    { type: 'UPDATE', username: 'bob', property: 'username', value: 'Bob' },
    { type: 'DISCONNECT disconnect', username: 'bob' },
    { type: 'DISCONNECT lost_connection', username: 'c' },
  ]);
});

test('C2-78 T45 unreadable messages and unexpected answers are skipped', async () => {
  const { client, socket } = await online();
  const bytes = Uint8Array.of(0x63, 0x32, 0x2f, 0xff).buffer;
  socket.receive('hello', 'c2/NEW thing', 'c2/UPDATE bob; status; away', '', bytes, 'c2/ACKNOWLEDGE', msg('a', 'x'));
  assert.deepEqual(await readEvents(client), [event('a', 'x')]);
  const users = client.users();
  socket.receive('c2/ACKNOWLEDGE [alice]');
  assert.deepEqual(await users, ['alice']);
});

test('C2-78 T45 a message over 65,536 characters or bytes ends the connection', async () => {
  const long = msg('a', '').padEnd(65_536, 'x');
  for (const wrap of [(text: string) => text, (text: string) => new TextEncoder().encode(text).buffer]) {
    const { client, socket } = await online();
    socket.receive(wrap(long));
    assert.equal(socket.closed, false);
    socket.receive(wrap(`${long}x`), wrap(msg('b', 'x')));
    assert.equal(socket.closed, true);
    assert.deepEqual(
      (await readEvents(client)).map(({ type }) => type),
      ['MSG', 'offline'],
    );
  }
});

test('C2-80 a text is sent so that the server stores it unchanged', async () => {
  const { client, socket } = await online();
  const sent = [
    client.send('/x', { timestamp: 1 }),
    client.send('//x', { timestamp: 1 }),
    client.edit('id', '/msg bob'),
  ];
  assert.deepEqual(socket.sent, ['c2/MSG 1; //x', 'c2/MSG 1; ///x', 'c2/QUERY update_message; id; //msg bob']);
  socket.receive('c2/ACKNOWLEDGE', 'c2/ACKNOWLEDGE', 'c2/ACKNOWLEDGE');
  await Promise.all(sent);
});

test('C2-83 a direct message arrives unchanged, and is not sent to a name with blanks', async () => {
  const { client, socket, clock } = await online();
  const sent = ['hi', '/x', ' //x'].map((text) => client.direct('bob', text));
  assert.deepEqual(socket.sent, [
    `c2/MSG ${clock.now()}; /msg bob hi`,
    `c2/MSG ${clock.now()}; /msg bob /x`,
    `c2/MSG ${clock.now()}; /msg bob  //x`,
  ]);
  socket.receive('c2/ACKNOWLEDGE', 'c2/ACKNOWLEDGE', 'c2/ERROR that is yourself');
  const outcomes = await Promise.allSettled(sent);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected'],
  );
  for (const [name, text] of [
    ['bob b', 'hi'],
    ['', 'hi'],
    ['bob', ''],
  ] as const)
    await assert.rejects(client.direct(name, text), TypeError);
  assert.equal(socket.sent.length, 3);
});

test('C2-82 ping needs no name', async () => {
  const { platform, latest, clock } = fixture();
  const promise = ping('ws://server/', platform);
  latest().open();
  assert.deepEqual(latest().sent, ['c2/PING']);
  clock.advance(30);
  latest().receive('c2/PING 4503599627370497');
  assert.deepEqual(await promise, { server: 4_503_599_627_370_497, ms: 30 });
  assert.deepEqual([latest().closed, clock.timers], [true, 0]);
});

test('C2-82 ping rejects if it is refused, lost, or not answered in 5 s', async () => {
  const attempt = (act: (socket: C2Socket) => void) => {
    const { platform, latest, clock } = fixture();
    const promise = ping('ws://server/', platform);
    latest().open();
    act(latest());
    clock.advance(4_999);
    const before = latest().closed;
    clock.advance(1);
    assert.deepEqual([latest().closed, clock.timers], [true, 0]);
    return { promise, before };
  };
  await assert.rejects(attempt((socket) => socket.receive('c2/ERROR too many pings')).promise, isError('refused'));
  await assert.rejects(attempt((socket) => socket.receive('c2/ACKNOWLEDGE')).promise, isError('unreadable'));
  await assert.rejects(attempt((socket) => socket.drop()).promise, isError('offline'));
  const silent = attempt(() => {});
  assert.equal(silent.before, false);
  await assert.rejects(silent.promise, isError('offline', /5 s/));
});
