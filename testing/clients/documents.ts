import assert from 'node:assert/strict';
import { connect, type LiveValue, type Options } from '../../src/protocols/documents/client.ts';
import type { Json } from '../documents.ts';
import { clientFixture, connectOnline, FakeSocket } from './fixture.ts';

/** A fake socket whose frames are JSON objects. */
export class DocumentsSocket extends FakeSocket<Json> {
  constructor(_url: string) {
    super((data) => JSON.parse(String(data)));
  }

  override receive(...messages: (Json | string | ArrayBuffer)[]): void {
    for (const message of messages) {
      const isFrame = typeof message === 'string' || message instanceof ArrayBuffer;
      super.receive(isFrame ? message : JSON.stringify(message));
    }
  }

  /** The requests of this class so far. */
  asked(cls: string): readonly Json[] {
    return this.sent.filter((message) => message.cls === cls);
  }

  /** The last request of this class. */
  last(cls: string): Json {
    return this.asked(cls).at(-1) ?? assert.fail(`no ${cls} among ${JSON.stringify(this.sent)}`);
  }

  /** Answers a request. */
  answer({ id, cls }: Json, status = 200, data?: Json): void {
    this.receive({ type: 'result', id, cls, status, ...(data && { data }) });
  }

  /** Refuses a request; the class has no part in the code. */
  refuse({ id, cls }: Json, status: number, part = 0, more: Json = {}): void {
    this.receive({ type: 'error', id, cls, status, data: { code: status * 10_000 + part, msg: 'words', ...more } });
  }

  /** Tells of changes: of keys whose content and children may have changed. */
  changed(id: string, ...keys: readonly Json[]): void {
    this.receive({
      type: 'request',
      id,
      cls: 'changed',
      data: keys.map((key) => ({ key, content: true, children: true })),
    });
  }
}

/** The data of a login. */
export const session = {
  session: 'secret-1',
  self: { type: 'user', id: 7 },
  rooms: { type: 'rooms', id: 7 },
  fav: { type: 'fav', id: 7 },
  root: { type: 'index', id: 1 },
  home: { type: 'unit', id: 1 },
  config: { media_server: '/media' },
  blocked: { type: 'blocked', id: 7 },
} as const;

/** A platform that the test controls. */
export function fixture() {
  return clientFixture<DocumentsSocket>(
    (opened) =>
      class extends DocumentsSocket {
        constructor(url: string) {
          super(url);
          opened(this);
        }
      },
  );
}

/** Accepts the login, or the session, that the socket was sent last. */
export function welcome(socket: DocumentsSocket): void {
  const request = socket.sent.at(-1) ?? assert.fail('nothing was sent');
  socket.answer(request, 200, request.cls === 'login' ? session : undefined);
}

/** A client that is online, its socket, and what brings it back online after a loss. */
export async function online(options: Partial<Options> = {}) {
  const all = fixture();
  const platform = { ...all.platform, ...options.platform };
  const connecting = connect('ws://server/', { name: 'alice', ...options, platform });
  const ready = await connectOnline(all, connecting, welcome);
  /** Connects again after `ms`; the server knows the session, or it does not and takes the login. */
  const back = (how: 'resumed' | 'anew', ms = 125) => {
    all.clock.advance(ms);
    const socket = all.latest();
    socket.open();
    if (how === 'resumed') socket.answer(socket.last('reconnect'));
    else {
      socket.refuse(socket.last('reconnect'), 401, 20);
      socket.answer(socket.last('login'), 200, { ...session, session: 'secret-2' });
    }
    const rest = socket.sent.filter(({ cls }) => cls !== 'reconnect' && cls !== 'login');
    socket.sent.length = 0;
    socket.sent.push(...rest);
    return socket;
  };
  return { ...ready, back };
}

/** The first value that fits, now or later. */
export async function until<T>(live: LiveValue<T>, fits: (value: T) => boolean = () => true): Promise<T> {
  for await (const value of live) if (fits(value)) return value;
  return assert.fail('the live value has ended');
}
