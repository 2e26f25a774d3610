import assert from 'node:assert/strict';
import { connect, type Options } from '../../src/protocols/msgpack/client.ts';
import { FrameDecoder, up, writeDown } from '../../src/protocols/msgpack/codec.ts';
import type { Down, Up } from '../../src/protocols/msgpack/schema.ts';
import { clientFixture, connectOnline, FakeSocket } from './fixture.ts';

/** A fake socket whose frames are messages. */
export class MsgpackSocket extends FakeSocket<Up> {
  constructor(_url: string) {
    super(readRequest);
  }

  override receive(...messages: (Down | string | ArrayBuffer)[]): void {
    for (const message of messages) {
      const isFrame = typeof message === 'string' || message instanceof ArrayBuffer;
      super.receive(isFrame ? message : frameOf(message));
    }
  }
}

function readRequest(frame: string | Uint8Array): Up {
  assert.ok(frame instanceof Uint8Array, 'a frame of text');
  const [read] = new FrameDecoder(up, 'message').push(frame);
  return read?.ok ? read.message : assert.fail('a request that cannot be read');
}

/** The frame of a message, as a WebSocket gives it. */
export function frameOf(message: Down, encoding: 'plain' | 'wrapped' = 'plain'): ArrayBuffer {
  return Uint8Array.from(writeDown(message, encoding)).buffer;
}

export function fixture() {
  return clientFixture<MsgpackSocket>(
    (opened) =>
      class extends MsgpackSocket {
        constructor(url: string) {
          super(url);
          opened(this);
        }
      },
  );
}

/** The responses of a server. */
export const success: Down = { type: 'response true' };
export const failure = (reason: string): Down => ({ type: 'response false', reason });
export const loggedIn: Down = { type: 'response login', username: 'Alice', token: 't1' };

/** A client that is online, and its socket. */
export function online(options: Partial<Options> = {}) {
  const all = fixture();
  const connecting = connect('ws://server/', {
    name: 'alice',
    password: 'secret',
    platform: all.platform,
    ...options,
  });
  return connectOnline(all, connecting, (socket) => socket.receive(loggedIn));
}

export const chatMessage = (content: string): Down => ({
  type: 'update msg_group',
  group: 'lobby',
  sender: 'bob',
  content,
});
