import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Socket } from '../src/lib/exchange.ts';
import { type Client, type ClientEvent, connect, type Options, type Platform } from '../src/protocols/tagged/client.ts';
import { FakeClock } from './clock.ts';

type Listener = Parameters<Socket['addEventListener']>[1];
export type Json = { readonly [name: string]: unknown };

/** A socket whose other end is the test. */
export class FakeSocket implements Socket {
  binaryType = 'blob';
  readonly sent: Json[] = [];
  closed = false;
  readonly #listeners = new Map<string, Listener>();

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.#listeners.get('open')?.({});
  }

  /** Messages that arrive in one go, without a turn between them. */
  hear(...messages: (Json | string | ArrayBuffer)[]): void {
    for (const message of messages) {
      const data = typeof message === 'string' || message instanceof ArrayBuffer ? message : JSON.stringify(message);
      this.#listeners.get('message')?.({ data });
    }
  }

  /** Answers the request that was sent last, or the one with this tag. */
  answer(more: Json = {}, tag = this.sent.at(-1)?.tag): void {
    this.hear({ reply: 'default', result: 200, result_message: 'words', tag, ...more });
  }

  lose(reason = ''): void {
    this.#listeners.get('error')?.({});
    this.#listeners.get('close')?.({ reason });
  }
}

export const me = { username: 'alice', display_name: 'Alice', status: 'Available' };
export const loggedIn = { reply: 'login', me };
export const hash = (password: string) => createHash('sha256').update(password).digest('hex');

/** A place to connect from, where every socket, the time and chance are the test's. */
export function place() {
  const clock = new FakeClock();
  const sockets: FakeSocket[] = [];
  const platform: Platform = {
    WebSocket: class extends FakeSocket {
      constructor(_url: string) {
        super();
        sockets.push(this);
      }
    },
    now: () => clock.now(),
    after: (ms, run) => clock.after(ms, run),
    random: () => 0.5,
    sha256: async (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest()).buffer,
  };
  const latest = () => sockets.at(-1) ?? assert.fail('no socket');
  return { clock, sockets, platform, latest };
}

/** A client that is online, and the socket it talks on. */
export async function online(options: Partial<Options> = {}) {
  const all = place();
  const promise = connect('ws://server/', { name: 'alice', platform: all.platform, ...options });
  await setImmediate();
  const socket = all.latest();
  socket.open();
  socket.answer(loggedIn);
  const client = await promise;
  socket.sent.length = 0;
  return { ...all, client, socket };
}

/** All that can be read now. */
export async function unread(client: Client): Promise<ClientEvent[]> {
  const events: ClientEvent[] = [];
  const reading = (async () => {
    for await (const event of client) events.push(event);
  })();
  reading.catch(() => {});
  await setImmediate();
  return events;
}

export const isError =
  (code: string, message = /./, result: number | null = null) =>
  (error: Error & { code?: string; result?: number | null }) =>
    error.code === code && message.test(error.message) && (result === null || error.result === result);

export const font = { family: 'Arial', color: '#000000', style: '' };
export const said = (tag: string, text: string) => ({
  message: 'chat.group',
  tag: `_${tag}`,
  from: 'bob',
  via: 'lobby',
  font,
  body: Buffer.from(text).toString('base64'),
  timestamp: '1970-01-01T00:00:00.001Z',
});
export const heard = (tag: string, text: string) => ({ ...said(tag, text), body: text, timestamp: 1 });
