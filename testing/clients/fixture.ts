import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { WebSocketLike } from '../../src/lib/request-channel.ts';
import type { Platform } from '../../src/lib/platform.ts';
import { FakeClock } from '../clock.ts';

type Listener = Parameters<WebSocketLike['addEventListener']>[1];

/** For tests of client libraries: a WebSocket whose other end is the test. */
export class FakeSocket<Sent> implements WebSocketLike {
  binaryType = 'blob';
  readonly sent: Sent[] = [];
  closed = false;
  readonly #read: (data: string | Uint8Array) => Sent;
  readonly #listeners = new Map<string, Listener>();

  /** `read` converts sent frames to what the test compares. */
  constructor(read: (data: string | Uint8Array) => Sent) {
    this.#read = read;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  send(data: string | Uint8Array): void {
    this.sent.push(this.#read(data));
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.#listeners.get('open')?.({});
  }

  /** Delivers frames within one event-loop turn. */
  receive(...frames: (string | ArrayBuffer)[]): void {
    for (const data of frames) this.#listeners.get('message')?.({ data });
  }

  drop(reason = ''): void {
    this.#listeners.get('error')?.({});
    this.#listeners.get('close')?.({ reason });
  }
}

/** A platform whose sockets, clock and random numbers the test controls. The class must pass every new socket to `opened`. */
export function clientFixture<S extends WebSocketLike>(
  classOf: (opened: (socket: S) => void) => Platform['WebSocket'],
) {
  const clock = new FakeClock();
  const sockets: S[] = [];
  const platform: Platform = {
    WebSocket: classOf((socket) => sockets.push(socket)),
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (ms, run) => clock.after(ms, run),
    random: () => 0.5,
  };
  const latest = () => sockets.at(-1) ?? assert.fail('no socket');
  return { clock, sockets, platform, latest };
}

export type ClientFixture<S extends WebSocketLike> = ReturnType<typeof clientFixture<S>>;

/** A client that is online, and its socket; `welcome` answers its login. */
export async function connectOnline<S extends FakeSocket<unknown>, C>(
  fixture: ClientFixture<S>,
  connecting: Promise<C>,
  welcome: (socket: S) => void,
) {
  await setImmediate();
  const socket = fixture.latest();
  socket.open();
  welcome(socket);
  const client = await connecting;
  socket.sent.length = 0;
  return { ...fixture, client, socket };
}

/** All events that can be read now. */
export async function readEvents<Event>(client: AsyncIterable<Event>): Promise<Event[]> {
  const events: Event[] = [];
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
