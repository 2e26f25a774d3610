import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeSocket, online, place, unread } from '../../../testing/c2-place.ts';
import type { FakeClock } from '../../../testing/clock.ts';
import { type ClientEvent, connect, ping } from './client.ts';

const isError =
  (code: string, message = /./) =>
  (error: Error & { code?: string }) =>
    error.code === code && message.test(error.message);

const msg = (id: string, text: string) => `c2/MSG bob; 1; ${id}; ${text}`;
const event = (id: string, text: string) => ({ type: 'MSG', username: 'bob', timestamp: 1, id, text });

test('C2-70 connect resolves once the name is acknowledged', async () => {
  const { platform, latest, clock } = place();
  const promise = connect('ws://server/', { name: 'alice', password: 'a; b', platform });
  const socket = latest();
  assert.deepEqual([socket.sent, socket.binaryType], [[], 'arraybuffer']);
  socket.open();
  assert.deepEqual(socket.sent, ['c2/CONNECT alice; a; b']);
  socket.hear('c2/ACKNOWLEDGE Test Server');
  const client = await promise;
  assert.deepEqual([client.name, client.server, clock.timers], ['alice', 'Test Server', 1]);
});

test('C2-70 connect rejects where it is refused, lost, silent for 20 s, answered nonsense, or given a name nobody could read', async () => {
  const attempt = async (act: (socket: FakeSocket, clock: FakeClock) => void) => {
    const { platform, latest, clock, sockets } = place();
    const promise = connect('ws://server/', { name: 'alice', platform });
    promise.catch(() => {});
    act(latest(), clock);
    clock.advance(60_000);
    assert.deepEqual([sockets.length, sockets[0]?.closed, clock.timers], [1, true, 0]);
    return promise;
  };
  const refuse = (socket: FakeSocket) => {
    socket.open();
    socket.hear('c2/ERROR this name is taken');
  };
  const confuse = (socket: FakeSocket) => {
    socket.open();
    socket.hear('c2/PING 1');
  };
  await assert.rejects(attempt(refuse), isError('refused', /^this name is taken$/));
  await assert.rejects(attempt(confuse), isError('unreadable'));
  await assert.rejects(
    attempt((socket) => socket.lose('go away')),
    isError('offline', /^go away$/),
  );
  await assert.rejects(
    attempt((socket) => socket.open()),
    isError('offline', /20 s/),
  );
  await assert.rejects(connect('ws://server/', { name: 'a;b', platform: place().platform }), TypeError);
});

test('C2-71 C2-72 answers belong to requests in their order, whatever comes between', async () => {
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
  socket.hear(
    'c2/ACKNOWLEDGE',
    msg('a', 'x'),
    'c2/ERROR too fast',
    'c2/ACKNOWLEDGE',
    'c2/ACKNOWLEDGE [alice,Bob Dylan]',
  );
  socket.hear('c2/ACKNOWLEDGE', 'c2/UPDATE alice; username; Alice', 'c2/PING 1; 5', 'c2/ERROR no');
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

test('C2-72 what answers something else is said to be unreadable, and a refused rename changes no name', async () => {
  const { client, socket } = await online();
  const results = [client.users(), client.users(), client.send('a'), client.rename('bob')];
  socket.hear('c2/ACKNOWLEDGE []', 'c2/ACKNOWLEDGE alice', 'c2/PING 5', 'c2/ERROR this name is taken');
  assert.deepEqual(await results[0], []);
  await assert.rejects(results[1] as Promise<unknown>, isError('unreadable'));
  await assert.rejects(results[2] as Promise<unknown>, isError('unreadable'));
  await assert.rejects(results[3] as Promise<unknown>, isError('refused'));
  assert.equal(client.name, 'alice');
});

test('C2-71 what cannot be written rejects and is no request', async () => {
  const { client, socket } = await online();
  await assert.rejects(client.rename('a;b'), TypeError);
  await assert.rejects(client.send(''), TypeError);
  const users = client.users();
  socket.hear('c2/ACKNOWLEDGE [alice]');
  assert.deepEqual(await users, ['alice']);
});

test('C2-73 a lost connection leaves the outcome of what was asked unknown, and what is asked later unsent', async () => {
  const { client, socket } = await online();
  const pending = [client.send('a'), client.users()];
  socket.lose();
  for (const promise of pending) await assert.rejects(promise, isError('unknown-outcome', /unknown/));
  await assert.rejects(client.send('b'), isError('offline'));
  assert.deepEqual(socket.sent, ['c2/MSG 1767225600000; a', 'c2/QUERY active_users']);
});

test('C2-73 nothing is sent while it is coming back', async () => {
  const { client, socket, clock, latest } = await online();
  socket.lose();
  clock.advance(1_000);
  latest().open();
  await assert.rejects(client.send('b'), isError('offline'));
  assert.deepEqual(latest().sent, ['c2/CONNECT alice']);
});

test('C2-74 it tries again after half of 250 ms, doubled up to 30 s, where chance is a half', async () => {
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

test('C2-74 the doubling begins anew after 30 s online, and not before', async () => {
  const { socket, clock, sockets, latest } = await online();
  const back = (ms: number) => {
    clock.advance(ms - 1);
    const before = sockets.length;
    clock.advance(1);
    assert.equal(sockets.length, before + 1);
    latest().open();
    latest().hear('c2/ACKNOWLEDGE Test Server');
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

test('C2-75 C2-77 it comes back under its latest name, and says so', async () => {
  const { client, socket, clock, latest } = await online();
  const renamed = client.rename('Alice');
  socket.hear('c2/ACKNOWLEDGE');
  await renamed;
  socket.lose('restart');
  clock.advance(125);
  latest().open();
  assert.deepEqual(latest().sent, ['c2/CONNECT Alice']);
  latest().hear('c2/ERROR this name is taken');
  assert.equal(latest().closed, true);
  clock.advance(250);
  latest().open();
  latest().hear('c2/ACKNOWLEDGE Other Server', msg('a', 'x'));
  assert.equal(client.server, 'Other Server');
  assert.deepEqual(await unread(client), [{ type: 'offline', reason: 'restart' }, { type: 'online' }, event('a', 'x')]);
});

test('C2-75 who is banned stays away: told on the spot', async () => {
  const { client, socket, clock } = await online();
  socket.hear('c2/DISCONNECT ban; bob; noise', 'c2/DISCONNECT ban; alice; spam');
  socket.lose();
  assert.equal(clock.timers, 0);
  const events: ClientEvent[] = [];
  const reading = (async () => {
    for await (const next of client) events.push(next);
  })();
  await assert.rejects(reading, isError('banned', /^banned: spam$/));
  assert.equal(events.length, 2);
  await assert.rejects(client.send('a'), isError('closed'));
});

test('C2-75 somebody else’s ban is only an event', async () => {
  const { client, socket, clock } = await online();
  socket.hear('c2/DISCONNECT ban; bob; noise');
  socket.lose();
  assert.equal(clock.timers, 1);
  assert.deepEqual(
    (await unread(client)).map(({ type }) => type),
    ['DISCONNECT ban', 'offline'],
  );
});

test('C2-75 who is banned stays away: told when coming back', async () => {
  const { client, socket, clock, latest } = await online();
  socket.lose();
  clock.advance(125);
  latest().open();
  latest().hear('c2/ERROR banned: spam');
  assert.equal(clock.timers, 0);
  const reader = client[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: { type: 'offline', reason: 'connection lost' } });
  await assert.rejects(reader.next(), isError('banned', /^banned: spam$/));
});

test('C2-76 history that was seen is not given again; edits are', async () => {
  const { client, socket, clock, latest } = await online();
  socket.hear(msg('a', '1'), msg('b', '2'), msg('a', '1'));
  socket.lose();
  clock.advance(125);
  latest().open();
  latest().hear('c2/ACKNOWLEDGE Test Server', msg('a', '1'), msg('b', 'edited'), msg('c', '3'));
  assert.deepEqual(await unread(client), [
    event('a', '1'),
    event('b', '2'),
    { type: 'offline', reason: 'connection lost' },
    { type: 'online' },
    event('b', 'edited'),
    event('c', '3'),
  ]);
});

test('C2-76 the last 2,000 messages are remembered', async () => {
  const { client, socket } = await online();
  const reader = client[Symbol.asyncIterator]();
  for (let index = 0; index < 2_001; index++) {
    socket.hear(msg(`${index}`, 'x'));
    await reader.next();
  }
  socket.hear(msg('1', 'x'), msg('0', 'x'));
  assert.deepEqual(await unread(client), [event('0', 'x')]);
});

test('C2-77 of events that nobody reads the last 1,024 are kept, and one that counts the others', async () => {
  const { client, socket } = await online();
  for (let index = 0; index < 1_030; index++) socket.hear(msg(`${index}`, 'x'));
  const events = await unread(client);
  assert.deepEqual(events.slice(0, 2), [{ type: 'missed', count: 6 }, event('6', 'x')]);
  assert.equal(events.length, 1_025);
});

test('C2-77 everything the server says unasked is an event, as text or as bytes', async () => {
  const { client, socket } = await online();
  const bytes = new TextEncoder().encode(msg('a', 'é'));
  socket.hear(
    bytes.buffer,
    'c2/UPDATE bob; username; Bob',
    'c2/DISCONNECT disconnect; bob',
    'c2/DISCONNECT lost_connection; c',
  );
  assert.deepEqual(await unread(client), [
    event('a', 'é'),
    { type: 'UPDATE', username: 'bob', property: 'username', value: 'Bob' },
    { type: 'DISCONNECT disconnect', username: 'bob' },
    { type: 'DISCONNECT lost_connection', username: 'c' },
  ]);
});

test('C2-78 T45 what cannot be read is skipped, and an answer nobody waits for', async () => {
  const { client, socket } = await online();
  const bytes = Uint8Array.of(0x63, 0x32, 0x2f, 0xff).buffer;
  socket.hear('hello', 'c2/NEW thing', 'c2/UPDATE bob; status; away', '', bytes, 'c2/ACKNOWLEDGE', msg('a', 'x'));
  assert.deepEqual(await unread(client), [event('a', 'x')]);
  const users = client.users();
  socket.hear('c2/ACKNOWLEDGE [alice]');
  assert.deepEqual(await users, ['alice']);
});

test('C2-78 T45 a message over 65,536 characters or bytes ends the connection', async () => {
  const long = msg('a', '').padEnd(65_536, 'x');
  for (const wrap of [(text: string) => text, (text: string) => new TextEncoder().encode(text).buffer]) {
    const { client, socket } = await online();
    socket.hear(wrap(long));
    assert.equal(socket.closed, false);
    socket.hear(wrap(`${long}x`), wrap(msg('b', 'x')));
    assert.equal(socket.closed, true);
    assert.deepEqual(
      (await unread(client)).map(({ type }) => type),
      ['MSG', 'offline'],
    );
  }
});

test('C2-79 a silent connection is asked after 30 s and given up after 60 s', async () => {
  const { client, socket, clock } = await online();
  socket.hear(msg('a', 'x'));
  clock.advance(30_000);
  assert.deepEqual(socket.sent, []);
  clock.advance(30_000);
  assert.deepEqual(socket.sent, ['c2/PING']);
  socket.hear('c2/PING 5');
  clock.advance(30_000);
  assert.deepEqual([socket.sent.length, socket.closed], [1, false]);
  clock.advance(59_999);
  assert.deepEqual([socket.sent.length, socket.closed], [2, false]);
  clock.advance(1);
  assert.equal(socket.closed, true);
  assert.deepEqual((await unread(client)).at(-1), { type: 'offline', reason: 'nothing heard' });
});

test('C2-80 a text is sent so that it is stored as it is', async () => {
  const { client, socket } = await online();
  const sent = [
    client.send('/x', { timestamp: 1 }),
    client.send('//x', { timestamp: 1 }),
    client.edit('id', '/msg bob'),
  ];
  assert.deepEqual(socket.sent, ['c2/MSG 1; //x', 'c2/MSG 1; ///x', 'c2/QUERY update_message; id; //msg bob']);
  socket.hear('c2/ACKNOWLEDGE', 'c2/ACKNOWLEDGE', 'c2/ACKNOWLEDGE');
  await Promise.all(sent);
});

test('C2-83 a text to one person alone is sent so that it arrives as it is, and not at all to a name with blanks', async () => {
  const { client, socket, clock } = await online();
  const sent = ['hi', '/x', ' //x'].map((text) => client.direct('bob', text));
  assert.deepEqual(socket.sent, [
    `c2/MSG ${clock.now()}; /msg bob hi`,
    `c2/MSG ${clock.now()}; /msg bob /x`,
    `c2/MSG ${clock.now()}; /msg bob  //x`,
  ]);
  socket.hear('c2/ACKNOWLEDGE', 'c2/ACKNOWLEDGE', 'c2/ERROR that is yourself');
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

test('C2-83 the password is given again when it comes back', async () => {
  const { clock, platform, latest, sockets } = place();
  const promise = connect('ws://server/', { name: 'alice', password: 'a; b', platform });
  latest().open();
  latest().hear('c2/ACKNOWLEDGE Test Server');
  await promise;
  latest().lose();
  clock.advance(1_000);
  assert.equal(sockets.length, 2);
  latest().open();
  assert.deepEqual(latest().sent, ['c2/CONNECT alice; a; b']);
});

test('C2-81 close says DISCONNECT and waits for the server', async () => {
  const { client, socket, clock } = await online();
  const sent = client.send('last', { timestamp: 1 });
  const closed = client.close();
  assert.equal(client.close(), closed);
  assert.deepEqual(socket.sent, ['c2/MSG 1; last', 'c2/DISCONNECT']);
  await assert.rejects(client.send('too late'), isError('closed'));
  socket.hear('c2/ACKNOWLEDGE', 'c2/DISCONNECT disconnect; alice');
  await sent;
  socket.lose();
  await closed;
  assert.equal(clock.timers, 0);
  const events: ClientEvent[] = [];
  for await (const next of client) events.push(next);
  assert.deepEqual(events, [{ type: 'DISCONNECT disconnect', username: 'alice' }]);
});

test('C2-81 close waits 2 s at most', async () => {
  const { client, socket, clock, sockets } = await online();
  const closed = client.close();
  clock.advance(1_999);
  assert.equal(socket.closed, false);
  clock.advance(1);
  assert.equal(socket.closed, true);
  await closed;
  assert.deepEqual([sockets.length, clock.timers], [1, 0]);
});

test('C2-81 close while it waits to come back, and while it comes back', async () => {
  for (const ms of [0, 125]) {
    const { client, socket, clock, sockets, latest } = await online();
    socket.lose();
    clock.advance(ms);
    await client.close();
    clock.advance(60_000);
    assert.deepEqual([clock.timers, latest().closed, sockets.length], [0, true, ms > 0 ? 2 : 1]);
  }
});

test('C2-82 ping asks without a name', async () => {
  const { platform, latest, clock } = place();
  const promise = ping('ws://server/', platform);
  latest().open();
  assert.deepEqual(latest().sent, ['c2/PING']);
  clock.advance(30);
  latest().hear('c2/PING 4503599627370497');
  assert.deepEqual(await promise, { server: 4_503_599_627_370_497, ms: 30 });
  assert.deepEqual([latest().closed, clock.timers], [true, 0]);
});

test('C2-82 ping rejects where it is refused, lost, or not answered in 5 s', async () => {
  const attempt = (act: (socket: FakeSocket) => void) => {
    const { platform, latest, clock } = place();
    const promise = ping('ws://server/', platform);
    latest().open();
    act(latest());
    clock.advance(4_999);
    const before = latest().closed;
    clock.advance(1);
    assert.deepEqual([latest().closed, clock.timers], [true, 0]);
    return { promise, before };
  };
  await assert.rejects(attempt((socket) => socket.hear('c2/ERROR too many pings')).promise, isError('refused'));
  await assert.rejects(attempt((socket) => socket.hear('c2/ACKNOWLEDGE')).promise, isError('unreadable'));
  await assert.rejects(attempt((socket) => socket.lose()).promise, isError('offline'));
  const silent = attempt(() => {});
  assert.equal(silent.before, false);
  await assert.rejects(silent.promise, isError('offline', /5 s/));
});
