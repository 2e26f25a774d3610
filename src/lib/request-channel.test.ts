import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeSocket } from '../../testing/clients/fixture.ts';
import { RequestChannel } from './request-channel.ts';

class ClosingSocket extends FakeSocket<string> {
  readyState = 1;

  constructor() {
    super(String);
  }
}

test('nothing is sent to a WebSocket that is closing, and its requests end with the connection', () => {
  const socket = new ClosingSocket();
  const codec = { encode: (message: string) => message, decode: () => ({ type: 'skip' }) as const };
  const channel = new RequestChannel<string, string, string>(socket, codec, { open() {}, push() {}, closed() {} });
  const replies: (string | null)[] = [];
  channel.request('first', (reply) => replies.push(reply));
  socket.readyState = 2;
  channel.request('second', (reply) => replies.push(reply));
  channel.send('third');
  assert.deepEqual(socket.sent, ['first']);
  socket.drop();
  assert.deepEqual(replies, [null, null]);
});
