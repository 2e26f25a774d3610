import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Socket } from '../src/lib/exchange.ts';
import { type Client, type ClientEvent, connect, type Platform } from '../src/protocols/c2/client.ts';
import { FakeClock } from './clock.ts';

type Listener = Parameters<Socket['addEventListener']>[1];

/** For tests of the client library: a socket whose other end is the test. */
export class FakeSocket implements Socket {
  binaryType = 'blob';
  readonly sent: string[] = [];
  closed = false;
  readonly #listeners = new Map<string, Listener>();

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.#listeners.get('open')?.({});
  }

  /** Frames that arrive in one go, without a turn between them. */
  hear(...frames: (string | ArrayBuffer)[]): void {
    for (const data of frames) this.#listeners.get('message')?.({ data });
  }

  lose(reason = ''): void {
    this.#listeners.get('error')?.({});
    this.#listeners.get('close')?.({ reason });
  }
}

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
  };
  const latest = () => sockets.at(-1) ?? assert.fail('no socket');
  return { clock, sockets, platform, latest };
}

/** A client that is online, and the socket it talks on. */
export async function online(name = 'alice') {
  const all = place();
  const promise = connect('ws://server/', { name, platform: all.platform });
  const socket = all.latest();
  socket.open();
  socket.hear('c2/ACKNOWLEDGE Test Server');
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
