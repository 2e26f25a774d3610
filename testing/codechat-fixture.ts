import { connect, type Options } from '../src/protocols/codechat/client.ts';
import { clientFixture, comeOnline, FakeSocket } from './client-fixture.ts';

type Json = { readonly [name: string]: unknown };

/** A socket whose other end is the test, which speaks in objects. */
export class CodechatSocket extends FakeSocket<Json> {
  constructor(_url: string) {
    super((data) => JSON.parse(String(data)));
  }

  override hear(...messages: (Json | string | ArrayBuffer)[]): void {
    for (const message of messages) {
      const isFrame = typeof message === 'string' || message instanceof ArrayBuffer;
      super.hear(isFrame ? message : JSON.stringify(message));
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

/** What a server says to a command. */
export const yes = { success: true, 'error-msg': '', 'success-msg': '' };
export const no = (reason: string) => ({ success: false, 'error-msg': reason, 'success-msg': '' });

/** A client that is online, and the socket it talks on. */
export function online(options: Partial<Options> = {}) {
  const all = fixture();
  const connecting = connect('ws://server/', { name: 'alice', platform: all.platform, ...options });
  return comeOnline(all, connecting, (socket) => socket.hear(yes));
}

export const said = (msg: string) => ({ cmd: 'message', user: 'bob', msg });
