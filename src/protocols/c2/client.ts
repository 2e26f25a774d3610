import { singleRequest } from '../../lib/single-request.ts';
import type { ClientCodec, Incoming } from '../../lib/request-channel.ts';
import { type Platform, withDefaults } from '../../lib/platform.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { ReconnectingClient } from '../../lib/reconnecting/reconnecting-client.ts';
import { LineFrames } from '../line-frames.ts';
import { writeSlash } from '../slash-escape.ts';
import { down, frameUp, readDown } from './codec.ts';
import { MAX_FRAME_BYTES } from './limits.ts';
import type { Down, Up } from './schema.ts';

export type { Platform };

const REMEMBERED = 2_000;
const PING_MS = 5_000;
const codec: ClientCodec<Up, Reply, Push> = { encode: (message) => frameUp(message), decode: readFrame };

/** The answer to a request. */
export type Reply = Extract<Down, { type: 'ACKNOWLEDGE' | 'ERROR' | 'PING' }>;

/** A message that the server sends unasked. */
export type Push = Exclude<Down, Reply>;

/** A request that has an answer. `close` sends DISCONNECT, which has none. */
export type Request = Exclude<Up, { type: 'DISCONNECT' }>;

/** An event of the iterator. `missed` counts events that were dropped because the program did not read them in time. */
export type ClientEvent =
  | Push
  | { readonly type: 'offline'; readonly reason: string }
  | { readonly type: 'online' }
  | { readonly type: 'missed'; readonly count: number };

/** Without a password the person enters as a guest. */
export type Options = { readonly name: string; readonly password?: string; readonly platform?: Partial<Platform> };

/** Why a request failed. `unknown-outcome`: it was sent, and its outcome is unknown. */
export type Failure = 'refused' | 'offline' | 'unknown-outcome' | 'unreadable' | 'banned' | 'closed';

/** A failed request: `code` is for programs, `message` is the server's text if there is one. */
export class C2Error extends Error {
  readonly code: Failure;

  constructor(code: Failure, message: string) {
    super(message);
    this.name = 'C2Error';
    this.code = code;
  }
}

/**
 * Enters a server as a guest, or with a password as an account, for example at `ws://localhost:5000/`. Rejects with a
 * C2Error `refused`, `banned`, `offline` or `unreadable`, and with a TypeError for a name that no server could read.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** Asks a server for its id, without entering. `ms` is the time until the answer. Rejects after 5 s. */
export async function ping(url: string, platform: Partial<Platform> = {}): Promise<{ server: number; ms: number }> {
  const request = { type: 'PING', timestamp: null } as const;
  const offline = (reason: string) => new C2Error('offline', reason);
  const { reply, ms } = await singleRequest({ url, request, codec, failure: offline }, PING_MS, withDefaults(platform)); // C2-82
  if (reply.type === 'PING') return { server: reply.server, ms }; // C2-82
  throw failure(reply);
}

/** One person on one server. It reconnects by itself; iterate over it to read the events. */
export class Client implements AsyncIterable<ClientEvent> {
  readonly #password: string | null;
  readonly #now: () => number;
  readonly #texts = new BoundedMap<string>(REMEMBERED); // C2-76
  readonly #connection: ReconnectingClient<Up, Reply, Push, ClientEvent, C2Error>;
  #name: string;
  #server = '';
  #banned: C2Error | null = null;

  private constructor(url: string, { name, password, platform = {} }: Options) {
    const whole = withDefaults(platform);
    this.#name = name;
    this.#password = password ?? null;
    this.#now = whole.now;
    this.#connection = new ReconnectingClient<Up, Reply, Push, ClientEvent, C2Error>(url, whole, {
      codec,
      probe: { type: 'PING', timestamp: null }, // C2-79
      logout: { type: 'DISCONNECT' }, // C2-81
      serverEnds: true,
      online: { type: 'online' },
      login: () => ({ type: 'CONNECT', username: this.#name, password: this.#password }),
      loginFailure: (reply) => this.#loginFailure(reply),
      eventOf: (push) => this.#eventOf(push),
      offline: (reason) => ({ type: 'offline', reason }),
      missed: (count) => ({ type: 'missed', count }), // C2-77
      failure: (why, message) => new C2Error(why, message), // C2-73
      permanentFailure: (error) => (error.code === 'banned' ? error : this.#banned), // C2-75
    });
  }

  /** Implements `connect`. */
  static async open(url: string, options: Options): Promise<Client> {
    const client = new Client(url, options);
    await client.#connection.open();
    return client;
  }

  /** The current name, which the client takes again when it reconnects. */
  get name(): string {
    return this.#name;
  }

  /** The name of the server. */
  get server(): string {
    return this.#server;
  }

  /** Sends a message to everybody; resolves when it is on the server's disk. `timestamp` is milliseconds since 1970. */
  async send(text: string, { timestamp = this.#now() }: { timestamp?: number } = {}): Promise<void> {
    await this.#acknowledged({ type: 'MSG', timestamp, text: writeSlash(text) });
  }

  /**
   * Sends a message to one person; resolves when it is on the server's disk. Rejects with a TypeError for a name with
   * blanks.
   */
  async direct(name: string, text: string, { timestamp = this.#now() }: { timestamp?: number } = {}): Promise<void> {
    if (name === '' || name.includes(' ') || text === '')
      throw new TypeError('a name has no blanks, and a text is not empty'); // C2-83
    await this.#acknowledged({ type: 'MSG', timestamp, text: `/msg ${name} ${text}` }); // C2-83
  }

  /** Changes the text of one of this person's messages; resolves when the edit is on the server's disk. */
  async edit(id: string, text: string): Promise<void> {
    await this.#acknowledged({ type: 'QUERY update_message', id, text: writeSlash(text) });
  }

  /** The names of all people who are present. */
  async users(): Promise<string[]> {
    const text = await this.#acknowledged({ type: 'QUERY active_users' });
    if (!/^\[.*\]$/.test(text)) throw new C2Error('unreadable', `not a list of names: ${text}`);
    return text === '[]' ? [] : text.slice(1, -1).split(',');
  }

  /** Changes the name of a guest; resolves when the server has accepted it. */
  async rename(name: string): Promise<void> {
    await this.#acknowledged({ type: 'UPDATE', property: 'username', value: name });
    this.#name = name;
  }

  /**
   * Sends a request and resolves with its answer, even a `c2/ERROR`. Requests need not wait for each other. Rejects with a
   * C2Error `offline` or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the answer.
   */
  request(request: Request): Promise<Reply> {
    return this.#connection.request(request, (reply) => reply);
  }

  /** Leaves, without reconnecting; resolves when the connection has ended. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Iterates over the events; each goes to one reader. Ends after `close`; throws a C2Error `banned` after a ban. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#connection[Symbol.asyncIterator]();
  }

  #loginFailure(reply: Reply): C2Error | null {
    if (reply.type !== 'ACKNOWLEDGE') return failure(reply); // C2-70
    this.#server = reply.text;
    return null;
  }

  #eventOf(push: Push): Push | null {
    if (push.type === 'MSG' && this.#texts.set(push.id, push.text) === push.text) return null; // C2-76
    if (push.type === 'DISCONNECT ban' && push.username === this.#name) this.#banned = banned(push.reason); // C2-75
    return push;
  }

  async #acknowledged(request: Request): Promise<string> {
    const reply = await this.request(request);
    if (reply.type !== 'ACKNOWLEDGE') throw failure(reply); // C2-72
    return reply.text;
  }
}

function readFrame(frame: string | Uint8Array): Incoming<Reply, Push> {
  if (typeof frame === 'string' && frame.length > MAX_FRAME_BYTES) return { type: 'broken', reason: 'too long' }; // C2-78
  const [read] = typeof frame === 'string' ? [readDown(frame)] : new LineFrames(down, 'message').push(frame);
  if (read === undefined || !read.ok) return read?.fatal ? { type: 'broken', reason: read.reason } : { type: 'skip' }; // C2-78
  const { message } = read;
  if (message.type === 'ACKNOWLEDGE' || message.type === 'ERROR' || message.type === 'PING')
    return { type: 'reply', message };
  return { type: 'push', message };
}

function failure(reply: Reply): C2Error {
  if (reply.type !== 'ERROR') return new C2Error('unreadable', `an answer to something else: ${reply.type}`);
  return new C2Error(reply.reason.startsWith('banned: ') ? 'banned' : 'refused', reply.reason); // C2-72
}

function banned(reason: string): C2Error {
  return new C2Error('banned', `banned: ${reason}`);
}
