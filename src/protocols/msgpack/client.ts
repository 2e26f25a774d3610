import { singleRequest } from '../../lib/single-request.ts';
import type { ClientCodec, Incoming } from '../../lib/request-channel.ts';
import { type Platform, withDefaults } from '../../lib/platform.ts';
import { type ConnectionFailure, ReconnectingClient } from '../../lib/reconnecting/reconnecting-client.ts';
import { down, FrameDecoder, writeUp } from './codec.ts';
import { WRONG_CREDENTIALS } from './replies.ts';
import type { Down, DownOf, Up, UpOf } from './schema.ts';

export type { Platform };

const REGISTER_MS = 20_000;
const utf8 = new TextEncoder();
const codec: ClientCodec<Up, Reply, Push> = { encode: (message) => writeUp(message, 'plain'), decode: readFrame };

/** The answer to a request. Answers come in the order of the requests. */
export type Reply = DownOf<'response true' | 'response login' | 'response false'>;

/** A message that the server sends unasked. */
export type Push = DownOf<'update whisper' | 'update msg_group'>;

/** An event of the iterator. `missed` counts events that were dropped because the program did not read them in time. */
export type ClientEvent =
  | Push
  | { readonly type: 'offline'; readonly reason: string }
  | { readonly type: 'online' }
  | { readonly type: 'missed'; readonly count: number };

/** The account. */
export type Options = { readonly name: string; readonly password: string; readonly platform?: Partial<Platform> };

/** Why a request failed. `unknown-outcome`: it was sent, and its outcome is unknown. */
export type Failure = 'refused' | 'offline' | 'unknown-outcome' | 'unreadable' | 'banned' | 'closed';

/** A failed request: `code` is for programs, `message` is the server's text if there is one. */
export class MsgpackError extends Error {
  readonly code: Failure;

  constructor(code: Failure, message: string) {
    super(message);
    this.name = 'MsgpackError';
    this.code = code;
  }
}

/**
 * Logs in to an account, for example at `ws://localhost:5000/msgpack`. Rejects with a MsgpackError `refused`, `banned`,
 * `offline` or `unreadable`, and with a TypeError for text that is not well-formed Unicode.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** Makes an account, without logging in. Rejects as `connect` does. */
export async function register(url: string, { name, password, platform = {} }: Options): Promise<void> {
  const request: Up = { action: 'register', username: name, password };
  const offline = (reason: string) => new MsgpackError('offline', reason);
  const { reply } = await singleRequest({ url, request, codec, failure: offline }, REGISTER_MS, withDefaults(platform)); // MSGP-71
  expectYes(reply);
}

/** One account on one server. It reconnects by itself; iterate over it to read the events. */
export class Client implements AsyncIterable<ClientEvent> {
  readonly #connection: ReconnectingClient<Up, Reply, Push, ClientEvent, MsgpackError>;
  readonly #login: UpOf<'login'>;
  /** The name and the token of the last login, which every request carries. */
  #credentials: { readonly username: string; readonly token: string };

  private constructor(url: string, { name, password, platform = {} }: Options) {
    this.#login = { action: 'login', username: name, password };
    this.#credentials = { username: name, token: '' };
    const credentials = () => this.#credentials;
    this.#connection = new ReconnectingClient<Up, Reply, Push, ClientEvent, MsgpackError>(url, withDefaults(platform), {
      codec,
      login: () => this.#login,
      loginFailure: (reply) => this.#loginFailure(reply),
      get probe(): Up {
        return { action: 'add_contact', ...credentials(), contact: name }; // MSGP-78
      },
      logout: { action: 'logout', username: name }, // MSGP-79
      serverEnds: false,
      online: { type: 'online' },
      eventOf: (push) => push,
      offline: (reason) => ({ type: 'offline', reason }),
      missed: (count) => ({ type: 'missed', count }), // MSGP-76
      failure: connectionError,
      permanentFailure: (error) => (error.code === 'banned' || error.message === WRONG_CREDENTIALS ? error : null), // MSGP-75
    });
  }

  /** Implements `connect`. */
  static async open(url: string, options: Options): Promise<Client> {
    const client = new Client(url, options);
    await client.#connection.open();
    return client;
  }

  /** The name of the account, in the spelling of the server. */
  get name(): string {
    return this.#credentials.username;
  }

  /** Sends a message to one person, present or not; resolves when it is on the server's disk. */
  whisper(recipient: string, content: string): Promise<void> {
    return this.#succeed({ action: 'whisper', ...this.#credentials, recipient, content });
  }

  /**
   * Sends a message to a group of this account; resolves when it is on the server's disk. By default every account is in the
   * group `lobby`.
   */
  sendToGroup(group: string, content: string): Promise<void> {
    return this.#succeed({ action: 'msg_group', ...this.#credentials, group, content });
  }

  /** Makes a group that every account may join. This account is its first member. */
  createGroup(group: string): Promise<void> {
    return this.#succeed({ action: 'create_group', ...this.#credentials, group });
  }

  /** Joins a group. Joining again succeeds too. */
  joinGroup(group: string): Promise<void> {
    return this.#succeed({ action: 'join_group', ...this.#credentials, group });
  }

  /** Adds an account to the contacts, without asking it. */
  addContact(contact: string): Promise<void> {
    return this.#succeed({ action: 'add_contact', ...this.#credentials, contact });
  }

  /** Logs out, which ends the token of this login; resolves when the connection has ended. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Iterates over the events; each goes to one reader. Ends after `close`; throws a MsgpackError if it cannot reconnect. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#connection[Symbol.asyncIterator]();
  }

  #loginFailure(reply: Reply): MsgpackError | null {
    if (reply.type !== 'response login') return failure(reply); // MSGP-70
    this.#credentials = { username: reply.username, token: reply.token }; // MSGP-72
    return null;
  }

  async #succeed(request: Extract<Up, { token: string }>): Promise<void> {
    const reply = await this.#connection.request(request, (reply) => reply);
    const isOver = reply.type === 'response false' && reply.reason === WRONG_CREDENTIALS;
    if (isOver && request.token === this.#credentials.token) this.#connection.reconnect('the token has ended'); // MSGP-80
    expectYes(reply); // MSGP-73
  }
}

function readFrame(frame: string | Uint8Array): Incoming<Reply, Push> {
  const bytes = typeof frame === 'string' ? utf8.encode(frame) : frame;
  const [read] = new FrameDecoder(down, 'message').push(bytes);
  if (read === undefined || !read.ok) return read?.fatal ? { type: 'broken', reason: read.reason } : { type: 'skip' }; // MSGP-77
  return isReply(read.message) ? { type: 'reply', message: read.message } : { type: 'push', message: read.message };
}

function isReply(message: Down): message is Reply {
  return message.type.startsWith('response ');
}

function expectYes(reply: Reply): void {
  if (reply.type !== 'response true') throw failure(reply); // MSGP-73
}

function failure(reply: Reply): MsgpackError {
  if (reply.type !== 'response false') return new MsgpackError('unreadable', 'an answer to something else');
  return new MsgpackError(isBan(reply.reason) ? 'banned' : 'refused', reply.reason); // MSGP-73
}

/** The error for a lost connection. A server that closes it with a ban says so. */
function connectionError(why: ConnectionFailure, message: string): MsgpackError {
  return new MsgpackError(isBan(message) ? 'banned' : why, message); // MSGP-74 MSGP-75
}

function isBan(text: string): boolean {
  return text.startsWith('banned: ');
}
