import type { Decoded } from '../../connections/decoded.ts';
import type { ClientCodec, Incoming } from '../../lib/request-channel.ts';
import { type Platform, withDefaults } from '../../lib/platform.ts';
import { type ConnectionFailure, ReconnectingClient } from '../../lib/reconnecting/reconnecting-client.ts';
import { JsonFrames, type JsonObject } from '../json-frames.ts';
import { writeSlash } from '../slash-escape.ts';
import { downSide, readDown, writeUp } from './codec.ts';
import type { Push, Status, Up } from './schema.ts';

export type { Platform };

/** The answer to a command. A status that cannot be read answers its own command, and no other. */
type Reply = Status | { readonly unreadable: string };

const utf8 = new TextEncoder();
const side = downSide(readObject);
const codec: ClientCodec<Up, Reply, Push> = { encode: (message) => writeUp(message), decode: readFrame };

/** A command that has a result. `close` sends `exit`. */
export type Request = Exclude<Up, { cmd: 'exit' }>;

/** An event of the iterator. `missed` counts events that were dropped because the program did not read them in time. */
export type ClientEvent =
  | Push
  | { readonly cmd: 'offline'; readonly reason: string }
  | { readonly cmd: 'online' }
  | { readonly cmd: 'missed'; readonly count: number };

/** Without a password the person enters as a guest. */
export type Options = { readonly name: string; readonly password?: string; readonly platform?: Partial<Platform> };

/**
 * Why a command failed. `unknown-outcome`: it was sent, and its outcome is unknown. `banned`: the person or the
 * name is banned; a command that was pending then may have been done.
 */
export type Failure = 'refused' | 'unreadable' | 'banned' | ConnectionFailure;

/** A failed request: `code` is for programs, `message` is the server's text if there is one. */
export class CodechatError extends Error {
  readonly code: Failure;

  constructor(code: Failure, message: string) {
    super(message);
    this.name = 'CodechatError';
    this.code = code;
  }
}

/**
 * Enters a server as a guest, or with a password as an account, for example at `ws://localhost:5000/codechat`. Rejects
 * with a CodechatError `refused`, `banned`, `offline` or `unreadable`, and with a TypeError for a name that no server
 * could read.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** One person on one server. It reconnects by itself; iterate over it to read the events. */
export class Client implements AsyncIterable<ClientEvent> {
  readonly #password: string | null;
  readonly #connection: ReconnectingClient<Up, Reply, Push, ClientEvent, CodechatError>;
  #name: string;

  private constructor(url: string, { name, password, platform = {} }: Options) {
    this.#name = name;
    this.#password = password ?? null;
    this.#connection = new ReconnectingClient<Up, Reply, Push, ClientEvent, CodechatError>(
      url,
      withDefaults(platform),
      {
        codec,
        probe: { cmd: 'get-clients' }, // CODE-78
        logout: { cmd: 'exit' }, // CODE-80
        serverEnds: true,
        online: { cmd: 'online' },
        login: () => ({
          cmd: 'connect',
          username: this.#name, // CODE-75
          ...(this.#password !== null && { password: this.#password }), // CODE-82
        }),
        loginFailure: (reply) => (isYes(reply) ? null : failure(reply)), // CODE-70
        eventOf: (push) => push,
        offline: (reason) => ({ cmd: 'offline', reason }),
        missed: (count) => ({ cmd: 'missed', count }), // CODE-76
        failure: (why, message) => new CodechatError(isBan(message) ? 'banned' : why, message), // CODE-73
        permanentFailure: (error) => (error.code === 'banned' ? error : null), // CODE-75
      },
    );
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

  /** Sends a message to everybody; resolves when it is on the server's disk. */
  async send(text: string): Promise<void> {
    await this.#done({ cmd: 'msg', msg: writeSlash(text) }); // CODE-79
  }

  /**
   * Sends a message to one person; resolves when it is on the server's disk. Rejects with a TypeError for a name with
   * blanks.
   */
  async direct(name: string, text: string): Promise<void> {
    if (name === '' || name.includes(' ') || text === '')
      throw new TypeError('a name has no blanks, and a text is not empty'); // CODE-81
    await this.#done({ cmd: 'msg', msg: `/msg ${name} ${text}` }); // CODE-81
  }

  /** The names of all people who are present, as many as the server lists. */
  async users(): Promise<string[]> {
    const { clients, 'success-msg': names } = await this.#done({ cmd: 'get-clients' });
    return clients ?? (names === '' ? [] : names.split(', ')); // CODE-83
  }

  /** Changes the name of a guest; resolves when the server has accepted it. */
  async rename(name: string): Promise<void> {
    await this.#done({ cmd: 'rename', oldname: this.#name, newname: name });
    this.#name = name;
  }

  /**
   * Sends a command and resolves with its status, even a refusal. Commands need not wait for each other. Rejects with a
   * CodechatError `offline` or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the status,
   * `unreadable` if the status cannot be read; with a TypeError if a server could not read the command.
   */
  async request(request: Request): Promise<Status> {
    const reply = await this.#connection.request(request, (answer) => answer);
    if ('unreadable' in reply) throw failure(reply); // CODE-77
    return reply;
  }

  /** Leaves, without reconnecting; resolves when the connection has ended. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Iterates over the events; each goes to one reader. Ends after `close`; throws a CodechatError `banned` after a ban. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#connection[Symbol.asyncIterator]();
  }

  async #done(request: Request): Promise<Status> {
    const status = await this.request(request);
    if (!status.success) throw failure(status); // CODE-72
    return status;
  }
}

function readFrame(frame: string | Uint8Array): Incoming<Reply, Push> {
  const bytes = typeof frame === 'string' ? utf8.encode(frame) : frame;
  const [read] = new JsonFrames(side, 'message').push(bytes);
  return read?.ok ? read.message : { type: 'broken', reason: read?.reason ?? 'no message' }; // CODE-77
}

/** An object without `cmd` counts as a status, so that each status answers the right command. */
function readObject(object: JsonObject): Decoded<Incoming<Reply, Push>> {
  const read = readDown(object);
  const reading = (what: Incoming<Reply, Push>) => ({ ok: true, message: what }) as const;
  if (!read.ok && object.cmd !== undefined) return reading({ type: 'skip' }); // CODE-77
  if (!read.ok) return reading({ type: 'reply', message: { unreadable: read.reason } }); // CODE-77
  const { message } = read;
  return reading('cmd' in message ? { type: 'push', message } : { type: 'reply', message }); // CODE-71
}

function isYes(reply: Reply): boolean {
  return 'success' in reply && reply.success; // CODE-70
}

function failure(reply: Reply): CodechatError {
  if ('unreadable' in reply) return new CodechatError('unreadable', reply.unreadable); // CODE-77
  const reason = reply['error-msg'];
  return new CodechatError(isBan(reason) ? 'banned' : 'refused', reason); // CODE-72
}

/** The server also sends a text that begins so before it closes the connection, and as the reason for closing. */
function isBan(text: string): boolean {
  return text.startsWith('banned: ');
}
