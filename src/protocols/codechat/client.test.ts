import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isError, readEvents } from '../../../testing/clients/fixture.ts';
import { failure, online, fixture, chatMessage, success } from '../../../testing/clients/codechat.ts';
import { connect } from './client.ts';

const list = (...clients: string[]) => ({ ...success, 'success-msg': clients.join(', '), clients });

test('CODE-70 CODE-82 connect resolves once the name is taken', async () => {
  const { platform, latest, clock } = fixture();
  const promise = connect('ws://server/', { name: 'alice', password: 'secret', platform });
  const socket = latest();
  assert.deepEqual([socket.sent, socket.binaryType], [[], 'arraybuffer']);
  socket.open();
  assert.deepEqual(socket.sent, [{ cmd: 'connect', username: 'alice', password: 'secret' }]);
  socket.receive(success);
  const client = await promise;
  assert.deepEqual([client.name, clock.timers], ['alice', 1]);
});

test('CODE-70 connect rejects a name that no server could read', async () => {
  await assert.rejects(connect('ws://server/', { name: 'a\ud800', platform: fixture().platform }), TypeError);
});

test('CODE-71 CODE-72 statuses match commands in their order, whatever comes between', async () => {
  const { client, socket } = await online();
  const results = [
    client.send('one'),
    client.send('two'),
    client.direct('bob', 'three'),
    client.users(),
    client.rename('Alice'),
    client.request({ cmd: 'get-clients' }),
    client.request({ cmd: 'rename', oldname: 'alice', newname: 'bob' }),
  ];
  assert.deepEqual(socket.sent, [
    { cmd: 'msg', msg: 'one' },
    { cmd: 'msg', msg: 'two' },
    { cmd: 'msg', msg: '/msg bob three' },
    { cmd: 'get-clients' },
    { cmd: 'rename', oldname: 'alice', newname: 'Alice' },
    { cmd: 'get-clients' },
    { cmd: 'rename', oldname: 'alice', newname: 'bob' },
  ]);
  socket.receive(
    success,
    chatMessage('x'),
    failure('too fast'),
    success,
    list('alice', 'Bob'),
    success,
    list('alice'),
    failure('taken'),
  );
  const settled = await Promise.allSettled(results);
  assert.deepEqual(
    settled.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code)),
    [undefined, 'refused', undefined, ['alice', 'Bob'], undefined, list('alice'), failure('taken')],
  );
  assert.equal(client.name, 'Alice');
});

test('CODE-72 a refusal rejects with the server’s text, and with banned for a ban, and a refused rename changes no name', async () => {
  const { client, socket } = await online();
  const results = [client.send('a'), client.rename('bob'), client.rename('eve')];
  for (const promise of results) promise.catch(() => {});
  socket.receive(failure('you are muted'), failure('this name is taken'), failure('banned: spam'));
  await assert.rejects(results[0] as Promise<void>, isError('refused', /^you are muted$/));
  await assert.rejects(results[1] as Promise<void>, isError('refused', /^this name is taken$/));
  await assert.rejects(results[2] as Promise<void>, isError('banned', /^banned: spam$/));
  assert.deepEqual([client.name, socket.closed], ['alice', false]);
});

test('CODE-71 a command that cannot be written rejects and is not sent', async () => {
  const { client, socket } = await online();
  await assert.rejects(client.rename('a\ud800'), TypeError);
  await assert.rejects(client.send('x'.repeat(65_536)), TypeError);
  const users = client.users();
  socket.receive(list('alice'));
  assert.deepEqual(await users, ['alice']);
});

test('CODE-76 every push is an event, as text or as bytes, as often as it comes', async () => {
  const { client, socket } = await online();
  const bytes = new TextEncoder().encode(JSON.stringify(chatMessage('é')));
  const moves = [
    { cmd: 'client-enter', user: 'Bob' },
    { cmd: 'client-exit', user: 'Bob' },
  ];
  socket.receive(bytes.buffer, chatMessage('é'), chatMessage('é'), ...moves);
  assert.deepEqual(await readEvents(client), [chatMessage('é'), chatMessage('é'), chatMessage('é'), ...moves]);
});

test('CODE-77 T45 unreadable pushes and unexpected statuses are skipped', async () => {
  const { client, socket } = await online();
  socket.receive(
    { cmd: 'new' },
    { cmd: 'client-enter' },
    { cmd: 1, success: true },
    success,
    failure('a'),
    chatMessage('x'),
  );
  assert.deepEqual(await readEvents(client), [chatMessage('x')]);
  const users = client.users();
  socket.receive(list('alice'));
  assert.deepEqual(await users, ['alice']);
});

test('CODE-77 T45 an unreadable status answers its own command, and no other', async () => {
  const { client, socket } = await online();
  const results = [client.send('a'), client.request({ cmd: 'get-clients' }), client.users()];
  for (const promise of results) promise.catch(() => {});
  socket.receive({ 'error-msg': '' }, { success: true, clients: 'alice' }, list('alice'));
  await assert.rejects(results[0] as Promise<void>, isError('unreadable', /^success is missing$/));
  await assert.rejects(results[1] as Promise<unknown>, isError('unreadable', /^clients is not/));
  assert.deepEqual(await results[2], ['alice']);
});

test('CODE-77 T45 a frame that is no object, or has too many keys or levels, ends the connection', async () => {
  const nested = `{"cmd":"message","user":"bob","msg":"a","more":${'['.repeat(16)}${']'.repeat(16)}}`;
  for (const frame of ['hello', '', '{"success":true,}', '{"success":true}{}', nested, Uint8Array.of(0xff).buffer]) {
    const { client, socket } = await online();
    const pending = client.send('a');
    pending.catch(() => {});
    socket.receive(frame, chatMessage('x'));
    assert.equal(socket.closed, true, String(frame));
    await assert.rejects(pending, isError('unknown-outcome'));
    assert.deepEqual(
      (await readEvents(client)).map(({ cmd }) => cmd),
      ['offline'],
    );
  }
});

test('CODE-77 T45 a message over 131,072 bytes ends the connection', async () => {
  const long = JSON.stringify(chatMessage('x'.repeat(131_072 - JSON.stringify(chatMessage('')).length)));
  for (const wrap of [(text: string) => text, (text: string) => new TextEncoder().encode(text).buffer]) {
    const { client, socket } = await online();
    socket.receive(wrap(long));
    assert.equal(socket.closed, false);
    socket.receive(wrap(long.replace('x', 'é')), wrap(JSON.stringify(chatMessage('y'))));
    assert.equal(socket.closed, true);
    assert.deepEqual(
      (await readEvents(client)).map(({ cmd }) => cmd),
      ['message', 'offline'],
    );
  }
});

test('CODE-79 a text is sent so that the server stores it unchanged', async () => {
  const { client, socket } = await online();
  const sent = ['/x', '//x', '/msg bob hi', 'a/b'].map((text) => client.send(text));
  assert.deepEqual(
    socket.sent.map(({ msg }) => msg),
    ['//x', '///x', '//msg bob hi', 'a/b'],
  );
  socket.receive(success, success, success, success);
  await Promise.all(sent);
});

test('CODE-81 a direct message arrives unchanged, and is not sent to a name with blanks', async () => {
  const { client, socket } = await online();
  const sent = ['hi', '/x', ' //x'].map((text) => client.direct('bob', text));
  assert.deepEqual(
    socket.sent.map(({ msg }) => msg),
    ['/msg bob hi', '/msg bob /x', '/msg bob  //x'],
  );
  socket.receive(success, success, failure('that is yourself'));
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

test('CODE-83 users come from clients, or else from the text', async () => {
  const { client, socket } = await online();
  const asked = [client.users(), client.users(), client.users()];
  socket.receive({ ...success, 'success-msg': 'somebody else', clients: ['alice', 'bob'] });
  socket.receive({ ...success, 'success-msg': 'alice, bob' }, success);
  assert.deepEqual(await Promise.all(asked), [['alice', 'bob'], ['alice', 'bob'], []]);
});
