import { singleRequest } from '../../lib/single-request.ts';
import type { ClientCodec, Incoming } from '../../lib/request-channel.ts';
import { type Platform, withDefaults } from '../../lib/platform.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { ReconnectingClient } from '../../lib/reconnecting-client.ts';
import { LineFrames } from '../line-frames.ts';
import { writeSlash } from '../slash-commands.ts';
import { down, MAX_FRAME_BYTES, readDown, writeUp } from './codec.ts';
import type { Down, Up } from './schema.ts';

export type { Platform };

const REMEMBERED = 2_000;
const PING_MS = 5_000;
const codec: ClientCodec<Up, Reply, Push> = { encode: (message) => writeUp(message), decode: readFrame };

/** What answers a request. */
export type Reply = Extract<Down, { type: 'ACKNOWLEDGE' | 'ERROR' | 'PING' }>;

/** What the server sends unasked. */
export type Push = Exclude<Down, Reply>;

/** A request that is answered; DISCONNECT is not, `close` says it. */
export type Request = Exclude<Up, { type: 'DISCONNECT' }>;

/** What the iterator gives. `missed` stands for so many events that nobody read in time. */
export type ClientEvent =
  | Push
  | { readonly type: 'offline'; readonly reason: string }
  | { readonly type: 'online' }
  | { readonly type: 'missed'; readonly count: number };

/** Who comes: a guest, or with a `password` an account. */
export type Options = { readonly name: string; readonly password?: string; readonly platform?: Partial<Platform> };

/** Why something failed. `unknown-outcome`: it was sent, and nobody knows whether it was done. */
export type Failure = 'refused' | 'offline' | 'unknown-outcome' | 'unreadable' | 'banned' | 'closed';

/** Why something failed: in `code` for programs, in `message` in words, the server's where it said some. */
export class C2Error extends Error {
  readonly code: Failure;

  constructor(code: Failure, message: string) {
    super(message);
    this.name = 'C2Error';
    this.code = code;
  }
}

/**
 * Enters a server under a name, with the password where that is an account's, for example at `ws://localhost:5000/`.
 * Rejects with a C2Error `refused`, `banned`, `offline` or `unreadable`, and with a TypeError for a name
 * that no server could read.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** Asks a server for its id without entering it; `ms` is how long the answer took. */
export async function ping(url: string, platform: Partial<Platform> = {}): Promise<{ server: number; ms: number }> {
  const request = { type: 'PING', timestamp: null } as const;
  const offline = (reason: string) => new C2Error('offline', reason);
  const { reply, ms } = await singleRequest({ url, request, codec, failure: offline }, PING_MS, withDefaults(platform)); // C2-82
  if (reply.type === 'PING') return { server: reply.server, ms }; // C2-82
  throw failure(reply);
}

/** One person on one server, who comes back when the connection is lost. Reading it gives what happens there. */
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
      online: { type: 'online' },
      login: () => ({ type: 'CONNECT', username: this.#name, password: this.#password }),
      loginFailure: (reply) => this.#welcome(reply),
      eventOf: (push) => this.#hear(push),
      offline: (reason) => ({ type: 'offline', reason }),
      missed: (count) => ({ type: 'missed', count }), // C2-77
      failure: (why, message) => new C2Error(why, message), // C2-73
      permanentFailure: (error) => (error.code === 'banned' ? error : this.#banned), // C2-75
    });
  }

  /** What `connect` does. */
  static async open(url: string, options: Options): Promise<Client> {
    const client = new Client(url, options);
    await client.#connection.open();
    return client;
  }

  /** The name it bears, and takes again when it comes back. */
  get name(): string {
    return this.#name;
  }

  /** What the server calls itself. */
  get server(): string {
    return this.#server;
  }

  /** Says something to everybody; resolves when it is on the server's disk. `timestamp` is milliseconds since 1970. */
  async send(text: string, { timestamp = this.#now() }: { timestamp?: number } = {}): Promise<void> {
    await this.#acknowledged({ type: 'MSG', timestamp, text: writeSlash(text) });
  }

  /** Says something to one person alone; resolves when it is on the server's disk. Rejects with a TypeError for a name with blanks. */
  async direct(name: string, text: string, { timestamp = this.#now() }: { timestamp?: number } = {}): Promise<void> {
    if (name === '' || name.includes(' ') || text === '')
      throw new TypeError('a name has no blanks, and a text is not empty'); // C2-83
    await this.#acknowledged({ type: 'MSG', timestamp, text: `/msg ${name} ${text}` }); // C2-83
  }

  /** Gives a message of one's own another text; resolves when that is on the server's disk. */
  async edit(id: string, text: string): Promise<void> {
    await this.#acknowledged({ type: 'QUERY update_message', id, text: writeSlash(text) });
  }

  /** The names of all who are there. */
  async users(): Promise<string[]> {
    const text = await this.#acknowledged({ type: 'QUERY active_users' });
    if (!/^\[.*\]$/.test(text)) throw new C2Error('unreadable', `not a list of names: ${text}`);
    return text === '[]' ? [] : text.slice(1, -1).split(',');
  }

  /** Takes another name, which guests may; resolves when the server has given it. */
  async rename(name: string): Promise<void> {
    await this.#acknowledged({ type: 'UPDATE', property: 'username', value: name });
    this.#name = name;
  }

  /**
   * Sends a request and gives its answer as it is, also a `c2/ERROR`; requests need not wait for each other. Rejects with
   * a C2Error `offline` or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the answer.
   */
  request(request: Request): Promise<Reply> {
    return this.#connection.request(request, (reply) => reply);
  }

  /** Leaves for good; resolves when the connection has ended. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** What happens, each event for one reader. Ends after `close`; throws a C2Error `banned` if the person was. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#connection[Symbol.asyncIterator]();
  }

  #welcome(reply: Reply): C2Error | null {
    if (reply.type !== 'ACKNOWLEDGE') return failure(reply); // C2-70
    this.#server = reply.text;
    return null;
  }

  #hear(push: Push): Push | null {
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
