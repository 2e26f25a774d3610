import { createHash } from 'node:crypto';
import { connect, type Options } from '../../src/protocols/tagged/client.ts';
import { clientFixture, connectOnline, FakeSocket } from './fixture.ts';

export type Json = { readonly [name: string]: unknown };

/** A fake socket whose frames are JSON objects. */
export class TaggedSocket extends FakeSocket<Json> {
  constructor(_url: string) {
    super((data) => JSON.parse(String(data)));
  }

  override receive(...messages: (Json | string | ArrayBuffer)[]): void {
    for (const message of messages) {
      const isFrame = typeof message === 'string' || message instanceof ArrayBuffer;
      super.receive(isFrame ? message : JSON.stringify(message));
    }
  }

  /** Answers the last request, or the one with this tag. */
  answer(more: Json = {}, tag = this.sent.at(-1)?.tag): void {
    this.receive({ reply: 'default', result: 200, result_message: 'words', tag, ...more });
  }
}

export const me = { username: 'alice', display_name: 'Alice', status: 'Available' };
export const loggedIn = { reply: 'login', me };
export const hash = (password: string) => createHash('sha256').update(password).digest('hex');

export function fixture() {
  const all = clientFixture<TaggedSocket>(
    (opened) =>
      class extends TaggedSocket {
        constructor(url: string) {
          super(url);
          opened(this);
        }
      },
  );
  const sha256 = async (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest()).buffer;
  return { ...all, platform: { ...all.platform, sha256 } };
}

/** A client that is online, and its socket. */
export function online(options: Partial<Options> = {}) {
  const all = fixture();
  const connecting = connect('ws://server/', { name: 'alice', platform: all.platform, ...options });
  return connectOnline(all, connecting, (socket) => socket.answer(loggedIn));
}

export const font = { family: 'Arial', color: '#000000', style: '' };
export const chatMessage = (tag: string, text: string) => ({
  message: 'chat.group',
  tag: `_${tag}`,
  from: 'bob',
  via: 'lobby',
  font,
  body: Buffer.from(text).toString('base64'),
  timestamp: '1970-01-01T00:00:00.001Z',
});
export const chatEvent = (tag: string, text: string) => ({ ...chatMessage(tag, text), body: text, timestamp: 1 });
