import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type DocumentsSocket, fixture, online, session, welcome } from '../../../../testing/clients/documents.ts';
import { isError } from '../../../../testing/clients/fixture.ts';
import type { Json } from '../../../../testing/documents.ts';
import { type Client, connect, type KeyOf, type Options } from '../client.ts';

const room = { type: 'room', id: 5 } as const;
const other = { type: 'room', id: 6 } as const;
const keyOf = (number: number): KeyOf<'msg'> => ({ type: 'msg', id: [5, number] });

const texts = (socket: DocumentsSocket) =>
  socket.asked('add_child').map(({ data }) => ((data as Json).obj as Json).text);
const states = (client: Client) => [...client.outbox].map(({ text, state }) => `${text} ${state}`);
const ids = (socket: DocumentsSocket) => socket.asked('add_child').map(({ id }) => id);

/** Acknowledges the last message. */
function acknowledge(socket: DocumentsSocket, number: number): void {
  socket.answer(socket.last('add_child'), 200, { key: keyOf(number) });
}

/** A client of a later run of the program, and what it sent at its beginning. */
async function restarted(options: Partial<Options>, isKnown: boolean) {
  const all = fixture();
  const promise = connect('ws://server/', { name: 'alice', session, ...options, platform: all.platform });
  await setImmediate();
  const socket = all.latest();
  socket.open();
  if (isKnown) welcome(socket);
  else {
    socket.refuse(socket.last('reconnect'), 401, 20);
    welcome(socket);
  }
  return { client: await promise, socket };
}

test('DOC-195 messages leave one at a time and in their order, each after the answer to the one before', async () => {
  const { client, socket } = await online();
  const sent = [client.send(room, 'one'), client.send(other, 'two', { replyTo: keyOf(1) }), client.send(room, 'three')];
  assert.deepEqual(
    socket.sent.map(({ cls, data }) => [cls, data]),
    [['add_child', { key: room, obj: { key: { type: 'msg' }, text: 'one' } }]],
  );
  assert.deepEqual(states(client), ['one sending', 'two waiting', 'three waiting']);
  acknowledge(socket, 1);
  assert.deepEqual(socket.last('add_child').data, {
    key: other,
    obj: { key: { type: 'msg' }, text: 'two', reply_to: keyOf(1) },
  });
  acknowledge(socket, 2);
  acknowledge(socket, 3);
  assert.deepEqual(await Promise.all(sent), [keyOf(1), keyOf(2), keyOf(3)]);
  assert.deepEqual(states(client), []);
});

test('DOC-209 a message takes its file along as the server answered the upload, and sends its address', async () => {
  const { client, socket } = await online();
  const file = { address: '/files/0/a.png', name: 'a.png', size: 9, type: 'image/png', width: 3, height: 2 };
  const sent = client.send(room, '', { file });
  assert.deepEqual(JSON.parse(JSON.stringify([...client.outbox][0])).file, file);
  const obj = { key: { type: 'msg' }, text: '', file: { address: '/files/0/a.png' } };
  assert.deepEqual(socket.last('add_child').data, { key: room, obj });
  acknowledge(socket, 1);
  assert.deepEqual(await sent, keyOf(1));
});

test('DOC-195 DOC-192 messages wait while offline; the one that has no answer goes first, with its id', async () => {
  const { client, socket, back } = await online();
  const sent = [client.send(room, 'one')];
  const [first] = ids(socket);
  socket.drop();
  sent.push(client.send(room, 'two'));
  assert.deepEqual(states(client), ['one sending', 'two waiting']);
  const second = back('resumed');
  assert.deepEqual([texts(second), ids(second)], [['one'], [first]]);
  acknowledge(socket, 9); // Of the lost connection.
  acknowledge(second, 1);
  acknowledge(second, 2);
  assert.deepEqual(await Promise.all(sent), [keyOf(1), keyOf(2)]);
  assert.deepEqual(texts(second), ['one', 'two']);
});

test('DOC-196 after 503 a message goes again when its time has passed, as another request and before all later ones', async () => {
  const { client, socket, clock } = await online();
  const sent = [client.send(room, 'one'), client.send(room, 'two')];
  socket.refuse(socket.last('add_child'), 503, 50, { retry_after: 2 });
  sent.push(client.send(room, 'three'));
  assert.deepEqual(states(client), ['one waiting', 'two waiting', 'three waiting']);
  clock.advance(1_999);
  assert.deepEqual(texts(socket), ['one']);
  clock.advance(1);
  socket.refuse(socket.last('add_child'), 503);
  clock.advance(1_000);
  for (const number of [1, 2, 3]) acknowledge(socket, number);
  assert.deepEqual(texts(socket), ['one', 'one', 'one', 'two', 'three']);
  assert.equal(new Set(ids(socket)).size, 5);
  assert.deepEqual(await Promise.all(sent), [keyOf(1), keyOf(2), keyOf(3)]);
});

test('DOC-196 the time to wait passes while offline, too', async () => {
  const { client, socket, clock, back } = await online();
  void client.send(room, 'one');
  socket.refuse(socket.last('add_child'), 503, 50, { retry_after: 5 });
  socket.drop();
  const second = back('resumed');
  assert.deepEqual(texts(second), []);
  clock.advance(5_000);
  assert.deepEqual(texts(second), ['one']);
});

test('DOC-193 a message that came again to a busy server goes again with the same id, on another connection', async () => {
  const { client, socket, clock, back } = await online();
  const sent = [client.send(room, 'one'), client.send(room, 'two')];
  const [first] = ids(socket);
  socket.drop();
  const second = back('resumed');
  second.refuse(second.last('add_child'), 503, 50, { retry_after: 1 });
  assert.deepEqual(states(client), ['one sending', 'two waiting']);
  clock.advance(1_000);
  const third = back('resumed', 250);
  assert.deepEqual([texts(third), ids(third)], [['one'], [first]]);
  acknowledge(third, 1);
  acknowledge(third, 2);
  assert.deepEqual(await Promise.all(sent), [keyOf(1), keyOf(2)]);
});

test('DOC-197 a message that is refused, or whose outcome is unknown, stays until it is sent again or dropped', async () => {
  const { client, socket, back } = await online();
  const sent = [client.send(room, 'one'), client.send(room, 'two'), client.send(room, 'three')];
  socket.refuse(socket.last('add_child'), 403, 40);
  await assert.rejects(sent[0] ?? assert.fail(), isError('refused', /words/));
  socket.drop();
  const second = back('anew');
  await assert.rejects(sent[1] ?? assert.fail(), isError('unknown-outcome'));
  assert.deepEqual(states(client), ['one refused', 'two unknown', 'three sending']);
  assert.deepEqual(
    [...client.outbox].map(({ error }) => error),
    [{ status: 403, message: 'words' }, undefined, undefined],
  );
  assert.deepEqual(texts(second), ['three']);
  const [one, two, three] = [...client.outbox].map(({ id }) => id);
  assert.ok(one && two && three);
  assert.equal(client.outbox.drop(three), false);
  await assert.rejects(client.outbox.sendAgain(three), TypeError);
  acknowledge(second, 1);
  await sent[2];
  const again = client.outbox.sendAgain(two);
  const once = client.outbox.sendAgain(one);
  assert.deepEqual(states(client), ['one waiting', 'two sending']);
  assert.equal(client.outbox.drop(one), true);
  assert.equal(client.outbox.drop(one), false);
  await assert.rejects(once, isError('closed'));
  acknowledge(second, 2);
  assert.deepEqual(await again, keyOf(2));
  assert.deepEqual([texts(second), states(client)], [['three', 'two'], []]);
  assert.ok(!ids(socket).includes(ids(second)[1]));
});

test('DOC-197 DOC-200 an answer that names no message leaves the outcome unknown', async () => {
  const { client, socket } = await online();
  const sent = [client.send(room, 'one'), client.send(room, 'two')];
  socket.answer(socket.last('add_child'), 200, { key: room });
  socket.answer(socket.last('add_child'), 200, { key: 5 });
  for (const promise of sent) await assert.rejects(promise, isError('unknown-outcome'));
  assert.deepEqual(states(client), ['one unknown', 'two unknown']);
});

test('DOC-198 what is kept at each change is enough: given back with the session, nothing is posted twice or lost', async () => {
  const { client, socket } = await online();
  let kept = '[]';
  const atSending: string[] = [];
  client.outbox.subscribe(() => {
    kept = JSON.stringify([...client.outbox]);
    atSending.push(`${states(client)}: ${texts(socket)}`);
  });
  void client.send(room, 'one');
  void client.send(room, 'two');
  assert.deepEqual(atSending.slice(0, 2), ['one waiting: ', 'one sending: ']);
  const [first] = ids(socket);
  const next = await restarted({ outbox: JSON.parse(kept) }, true);
  assert.deepEqual([texts(next.socket), ids(next.socket)], [['one'], [first]]);
  acknowledge(next.socket, 1);
  acknowledge(next.socket, 2);
  assert.deepEqual([texts(next.socket), states(next.client)], [['one', 'two'], []]);
});

test('DOC-198 DOC-193 a busy server did not say whether an earlier run had sent it', async () => {
  const { client } = await online();
  void client.send(room, 'one');
  const next = await restarted({ outbox: [...client.outbox] }, true);
  next.socket.refuse(next.socket.last('add_child'), 503, 50, { retry_after: 1 });
  assert.deepEqual(states(next.client), ['one sending']);
});

test('DOC-198 given back with another session, what was sent is unknown, and what waited is sent', async () => {
  const { client } = await online();
  void client.send(room, 'one');
  void client.send(room, 'two');
  const next = await restarted({ outbox: [...client.outbox] }, false);
  assert.deepEqual(states(next.client), ['one unknown', 'two sending']);
  assert.deepEqual(texts(next.socket), ['two']);
});

test('DOC-199 the outbox has at most 1,000 messages, and the oldest refused one makes room', async () => {
  const { client, socket } = await online();
  void client.send(room, 'refused');
  socket.refuse(socket.last('add_child'), 403, 40);
  for (let index = 0; index < 999; index++) void client.send(room, `${index}`);
  assert.equal([...client.outbox].length, 1_000);
  void client.send(room, 'last');
  assert.deepEqual([states(client).length, states(client)[0]], [1_000, '0 sending']);
  await assert.rejects(client.send(room, 'too many'), isError('full'));
  await assert.rejects(client.send(room, 'a\ud800'), TypeError);
});

test('DOC-202 after close the answer to the last message still counts, the rest can be kept, and promises reject', async () => {
  for (const isAnswered of [true, false]) {
    const { client, socket, clock } = await online();
    const sent = [client.send(room, 'one'), client.send(room, 'two')];
    const closed = client.close();
    if (isAnswered) acknowledge(socket, 1);
    clock.advance(2_000);
    await closed;
    const [first, second] = await Promise.allSettled(sent);
    assert.equal(first?.status, isAnswered ? 'fulfilled' : 'rejected');
    assert.ok(second?.status === 'rejected' && isError('closed')(second.reason));
    assert.deepEqual(states(client), isAnswered ? ['two waiting'] : ['one sending', 'two waiting']);
    assert.deepEqual([texts(socket), clock.timers], [['one'], 0]);
  }
});
