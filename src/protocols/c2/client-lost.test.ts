import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, msg, online, fixture } from '../../../testing/clients/c2.ts';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import { type ClientEvent, connect } from './client.ts';

test('C2-75 C2-77 it reconnects under its latest name, and gives an event', async () => {
  const { client, socket, clock, latest } = await online();
  const renamed = client.rename('Alice');
  socket.receive('c2/ACKNOWLEDGE');
  await renamed;
  socket.drop('restart');
  clock.advance(125);
  latest().open();
  assert.deepEqual(latest().sent, ['c2/CONNECT Alice']);
  latest().receive('c2/ERROR this name is taken');
  assert.equal(latest().closed, true);
  clock.advance(250);
  latest().open();
  latest().receive('c2/ACKNOWLEDGE Other Server', msg('a', 'x'));
  assert.equal(client.server, 'Other Server');
  assert.deepEqual(await readEvents(client), [
    { type: 'offline', reason: 'restart' },
    { type: 'online' },
    event('a', 'x'),
  ]);
});

test('C2-75 a banned client does not reconnect: a ban while online', async () => {
  const { client, socket, clock } = await online();
  socket.receive('c2/DISCONNECT ban; bob; noise', 'c2/DISCONNECT ban; alice; spam');
  socket.drop();
  assert.equal(clock.timers, 0);
  const events: ClientEvent[] = [];
  const reading = (async () => {
    for await (const next of client) events.push(next);
  })();
  await assert.rejects(reading, isError('banned', /^banned: spam$/));
  assert.equal(events.length, 2);
  await assert.rejects(client.send('a'), isError('closed'));
});

test('C2-75 the ban of another person is only an event', async () => {
  const { client, socket, clock } = await online();
  socket.receive('c2/DISCONNECT ban; bob; noise');
  socket.drop();
  assert.equal(clock.timers, 1);
  assert.deepEqual(
    (await readEvents(client)).map(({ type }) => type),
    ['DISCONNECT ban', 'offline'],
  );
});

test('C2-75 a banned client does not reconnect: a ban at the next login', async () => {
  const { client, socket, clock, latest } = await online();
  socket.drop();
  clock.advance(125);
  latest().open();
  latest().receive('c2/ERROR banned: spam');
  assert.equal(clock.timers, 0);
  const reader = client[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: { type: 'offline', reason: 'connection lost' } });
  await assert.rejects(reader.next(), isError('banned', /^banned: spam$/));
});

test('C2-76 seen history is not given again; edits are', async () => {
  const { client, socket, clock, latest } = await online();
  socket.receive(msg('a', '1'), msg('b', '2'), msg('a', '1'));
  socket.drop();
  clock.advance(125);
  latest().open();
  latest().receive('c2/ACKNOWLEDGE Test Server', msg('a', '1'), msg('b', 'edited'), msg('c', '3'));
  assert.deepEqual(await readEvents(client), [
    event('a', '1'),
    event('b', '2'),
    { type: 'offline', reason: 'connection lost' },
    { type: 'online' },
    event('b', 'edited'),
    event('c', '3'),
  ]);
});

test('C2-83 it reconnects with the password', async () => {
  const { clock, platform, latest, sockets } = fixture();
  const promise = connect('ws://server/', { name: 'alice', password: 'a; b', platform });
  latest().open();
  latest().receive('c2/ACKNOWLEDGE Test Server');
  await promise;
  latest().drop();
  clock.advance(1_000);
  assert.equal(sockets.length, 2);
  latest().open();
  assert.deepEqual(latest().sent, ['c2/CONNECT alice; a; b']);
});

test('C2-81 close sends DISCONNECT and waits for the server', async () => {
  const { client, socket, clock } = await online();
  const sent = client.send('last', { timestamp: 1 });
  const closed = client.close();
  assert.equal(client.close(), closed);
  assert.deepEqual(socket.sent, ['c2/MSG 1; last', 'c2/DISCONNECT']);
  await assert.rejects(client.send('too late'), isError('closed'));
  socket.receive('c2/ACKNOWLEDGE', 'c2/DISCONNECT disconnect; alice');
  await sent;
  socket.drop();
  await closed;
  assert.equal(clock.timers, 0);
  const events: ClientEvent[] = [];
  for await (const next of client) events.push(next);
  assert.deepEqual(events, [{ type: 'DISCONNECT disconnect', username: 'alice' }]);
});
