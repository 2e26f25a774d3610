import { connect, type Options } from '../../src/protocols/codechat/client.ts';
import { clientFixture, connectOnline, FakeSocket } from './fixture.ts';

type Json = { readonly [name: string]: unknown };

/** A fake socket whose frames are JSON objects. */
export class CodechatSocket extends FakeSocket<Json> {
  constructor(_url: string) {
    super((data) => JSON.parse(String(data)));
  }

  override receive(...messages: (Json | string | ArrayBuffer)[]): void {
    for (const message of messages) {
      const isFrame = typeof message === 'string' || message instanceof ArrayBuffer;
      super.receive(isFrame ? message : JSON.stringify(message));
    }
  }
}

export function fixture() {
  return clientFixture<CodechatSocket>(
    (opened) =>
      class extends CodechatSocket {
        constructor(url: string) {
          super(url);
          opened(this);
        }
      },
  );
}

/** The statuses of a server. */
export const success = { success: true, 'error-msg': '', 'success-msg': '' };
export const failure = (reason: string) => ({ success: false, 'error-msg': reason, 'success-msg': '' });

/** A client that is online, and its socket. */
export function online(options: Partial<Options> = {}) {
  const all = fixture();
  const connecting = connect('ws://server/', { name: 'alice', platform: all.platform, ...options });
  return connectOnline(all, connecting, (socket) => socket.receive(success));
}

export const chatMessage = (msg: string) => ({ cmd: 'message', user: 'bob', msg });
