import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { Message } from '../../core/model/message.ts';
import { type BacklogMessage, mergeBacklogs } from './backlog.ts';

const conversation = { type: 'group', name: 'lobby', lobby: true } as const;
const receiver = {
  variant: { key: 'test', showsOwnMoves: true, showsChangesAsMessages: false, event: () => null, message: () => null },
};

/** A message of a backlog. */
function messageAt(room: number, number: number, serverTime: number, id: string): BacklogMessage {
  const message: Message = {
    id,
    room,
    number,
    position: number,
    author: { id: 1, name: 'bob' },
    text: `${room}/${number}`,
    clientTime: null,
    serverTime,
    editedAt: null,
    deletedAt: null,
    edits: [],
  };
  return { message, conversation, receiver };
}

const texts = (rooms: readonly (readonly BacklogMessage[])[], limit = 100) =>
  mergeBacklogs(rooms, limit).map(({ message }) => message.text);

test('CONN-45 rooms are merged by time, and within a millisecond by id', () => {
  const one = [messageAt(1, 1, 10, 'a'), messageAt(1, 2, 30, 'd')];
  const two = [messageAt(2, 7, 9, 'z'), messageAt(2, 8, 10, 'b'), messageAt(2, 9, 30, 'c')];
  assert.deepEqual(texts([one, two]), ['2/7', '1/1', '2/8', '2/9', '1/2']);
  assert.deepEqual(texts([two, one]), ['2/7', '1/1', '2/8', '2/9', '1/2']);
  assert.deepEqual(texts([]), []);
});

test('CONN-45 within a room the order is that of the numbers, whatever times and ids say', () => {
  const one = [messageAt(1, 1, 20, 'b'), messageAt(1, 2, 10, 'z'), messageAt(1, 3, 20, 'a')];
  assert.deepEqual(texts([one, [messageAt(2, 1, 15, 'm')]]), ['2/1', '1/1', '1/2', '1/3']);
});

test('CONN-44 the last messages of all rooms together remain', () => {
  const one = [messageAt(1, 1, 1, 'a'), messageAt(1, 2, 3, 'c')];
  const two = [messageAt(2, 1, 2, 'b'), messageAt(2, 2, 4, 'd')];
  assert.deepEqual(texts([one, two], 3), ['2/1', '1/2', '2/2']);
  assert.deepEqual(texts([one, two], 0), []);
});

test('CONN-11 the backlog is sent no faster than the link takes it, and then new messages follow', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol());
  await bob.ask('login bob');
  for (let index = 0; index < 60; index++) await bob.ask(`say ${index} ${'x'.repeat(16_000)}`);
  const alice = app.client(lineProtocol({ history: 0 }));
  alice.peer.stopReading();
  await alice.ask('login alice');
  assert.ok(alice.link.unsentBytes < 300_000, `${alice.link.unsentBytes} bytes at once`);
  await bob.ask('say new');
  const numbers: number[] = [];
  for (let round = 0; round < 20; round++) {
    alice.peer.resumeReading();
    alice.peer.stopReading();
    await app.settle();
    assert.ok(alice.link.unsentBytes < 300_000, `${alice.link.unsentBytes} bytes at once`);
    numbers.push(...alice.lines().flatMap((line) => Number(/^(?:old|new) (\d+)/.exec(line)?.[1] ?? []) || []));
  }
  assert.deepEqual(
    numbers,
    Array.from({ length: 61 }, (_, index) => index + 1),
  );
  assert.equal(alice.closeKind(), null);
});

test('CONN-08 a client that takes nothing of its backlog for a minute is closed as a slow reader, one that takes some is not', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const bob = app.client(lineProtocol());
  await bob.ask('login bob');
  for (let index = 0; index < 60; index++) await bob.ask(`say ${'x'.repeat(16_000)}`);
  const alice = app.client(lineProtocol({ history: 0 }));
  alice.peer.stopReading();
  await alice.ask('login alice');
  await app.advance(40_000);
  alice.peer.resumeReading();
  alice.peer.stopReading();
  await app.advance(40_000);
  assert.equal(alice.closeKind(), null);
  await app.advance(20_000);
  assert.equal(alice.closeKind(), 'too-slow');
});
