import { type Platform as CommonPlatform, withDefaults } from '../../lib/platform.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { ReconnectingClient } from '../../lib/reconnecting/reconnecting-client.ts';
import { failure, type Failure, TaggedError } from './client-error.ts';
import { hashOf, type Platform } from './client-platform.ts';
import { display, register, type RegisterOptions } from './client-register.ts';
import { idOf, isFound, messagesOf } from './client-replies.ts';
import { type ClientEvent, ClientState } from './client-state.ts';
import type { Chat, FontParts, Group, Me, Push, Reply, Up, UpOf, User } from './schema.ts';

export { type ClientEvent, type Failure, type Platform, register, type RegisterOptions, TaggedError };

const REMEMBERED_NONCES = 2_000;

/** A request that has a reply, without its tag. `close` sends `logout`, which has none. */
export type Request = Exclude<Up, { message: 'logout' }>;

/** Without a password the person enters as a guest. With `echo` the client also sees direct messages that the person sends from elsewhere. */
export type Options = {
  readonly name: string;
  readonly password?: string;
  readonly status?: string;
  readonly echo?: boolean;
  readonly platform?: Partial<Platform>;
};

/**
 * Optional parts of a message. The server posts a message only once per nonce in 24 hours, if all of it is the same: another
 * client that sends it again must give the same `timestamp`.
 */
export type ChatOptions = { readonly font?: FontParts; readonly timestamp?: number; readonly nonce?: string };

/** A page of history: at most 200 messages, before the one with this id. */
export type Page = { readonly before?: string; readonly limit?: number };

/**
 * Logs in at a server, for example at `ws://localhost:5000/tagged`. Rejects with a TaggedError `refused`, `offline` or
 * `unreadable`, and with a TypeError for what is not well-formed Unicode.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** One person on one server. It reconnects by itself; iterate over it to read the events. */
export class Client implements AsyncIterable<ClientEvent> {
  readonly #state: ClientState;
  readonly #connection: ReconnectingClient<Up, Reply, Push, ClientEvent, TaggedError>;
  readonly #platform: CommonPlatform & Partial<Platform>;
  /** By nonce, when a message was sent first. */
  readonly #times = new BoundedMap<number>(REMEMBERED_NONCES);

  private constructor(url: string, login: UpOf<'login'>, platform: Partial<Platform>) {
    this.#platform = { ...platform, ...withDefaults(platform) };
    this.#state = new ClientState(login);
    this.#connection = new ReconnectingClient(url, this.#platform, this.#state);
  }

  /** Implements `connect`. */
  static async open(url: string, { name, password, status, echo, platform = {} }: Options): Promise<Client> {
    const login: UpOf<'login'> = {
      message: 'login',
      username: name,
      version: 1,
      ...(password === undefined ? {} : { password: await hashOf(password, platform.sha256) }), // TAG-82
      ...(status === undefined ? {} : { initial_status: status }),
      ...(echo === undefined ? {} : { echo }),
    };
    const client = new Client(url, login, platform);
    await client.#connection.open();
    return client;
  }

  /** The own profile, as the server sent it last. */
  get me(): Me {
    return this.#state.me;
  }

  /** Sends a message to a user; resolves when it is on the server's disk. `delivered` is false if it waits for the user. */
  async chat(to: string, text: string, options: ChatOptions = {}): Promise<{ id: string; delivered: boolean }> {
    const reply = await this.#done({ message: 'chat.user', ...this.#chat(to, text, options) });
    return { id: idOf(reply), delivered: reply.result === 200 };
  }

  /** Sends a message to a group; resolves when it is on the server's disk. */
  async chatGroup(to: string, text: string, options: ChatOptions = {}): Promise<{ id: string }> {
    return { id: idOf(await this.#done({ message: 'chat.group', ...this.#chat(to, text, options) })) };
  }

  /** Changes the text of an own message. */
  async edit(id: string, text: string, font?: FontParts): Promise<void> {
    await this.#done({ message: 'chat.edit', id, body: text, ...(font === undefined ? {} : { font }) });
  }

  /** Deletes the text of an own message, or of a message in a group that this person moderates. */
  async delete(id: string): Promise<void> {
    await this.#done({ message: 'chat.delete', id });
  }

  /** The friends of this person. */
  async friends(): Promise<readonly User[]> {
    const reply = await this.#done({ message: 'list.friends' });
    return reply.reply === 'detail.users' ? reply.users : [];
  }

  /** The groups of this person. */
  async groups(): Promise<readonly Group[]> {
    const reply = await this.#done({ message: 'list.groups' });
    return reply.reply === 'detail.groups' ? reply.groups : [];
  }

  /** The users with these names, without unknown ones; at most 1,000 names. */
  async users(usernames: readonly string[]): Promise<readonly User[]> {
    return this.#details({ message: 'detail.users', usernames: [...usernames] }, () => this.#state.users);
  }

  /** The groups with these names, without unknown ones; at most 1,000 names. */
  async groupDetails(groupnames: readonly string[]): Promise<readonly Group[]> {
    return this.#details({ message: 'detail.groups', groupnames: [...groupnames] }, () => this.#state.groups);
  }

  /** The messages between this person and a user, oldest first. */
  async historyWith(username: string, page: Page = {}): Promise<readonly Chat[]> {
    return messagesOf(await this.#done({ message: 'history.user', username, ...page }));
  }

  /** The messages of a group, oldest first. */
  async historyOf(groupname: string, page: Page = {}): Promise<readonly Chat[]> {
    return messagesOf(await this.#done({ message: 'history.group', groupname, ...page }));
  }

  /** Changes the display name, which guests cannot. */
  async setDisplayName(displayName: string): Promise<void> {
    await this.#done({ message: 'me.name', display_name: displayName });
    this.#state.me = { ...this.me, display_name: displayName };
  }

  /** Sets the status: `Available`, `Away`, `Busy`, `Offline`, or a free text. */
  async setStatus(status: string): Promise<void> {
    await this.#done({ message: 'me.status', status });
    this.#state.me = { ...this.me, status };
    this.#state.loginRequest = { ...this.#state.loginRequest, initial_status: status }; // TAG-85
  }

  /** Changes the password of the account, which ends its other connections. The client reconnects with the new one. */
  async setPassword(old: string, password: string): Promise<void> {
    const [before, after] = await Promise.all([this.#hash(old), this.#hash(password)]);
    await this.#done({ message: 'me.password', old: before, new: after });
    this.#state.loginRequest = { ...this.#state.loginRequest, password: after }; // TAG-85
  }

  /** Adds a user to the friends, without asking the user. */
  async addFriend(username: string): Promise<void> {
    await this.#done({ message: 'friend.add', username });
  }

  /** Removes a user from the friends. */
  async removeFriend(username: string): Promise<void> {
    await this.#done({ message: 'friend.remove', username });
  }

  /** Hides the messages of this user from now on. */
  async block(username: string): Promise<void> {
    await this.#done({ message: 'block.add', username });
  }

  /** Shows the messages of this user again from now on. */
  async unblock(username: string): Promise<void> {
    await this.#done({ message: 'block.remove', username });
  }

  /** Makes a group that every account may join. This account is its first member. */
  async createGroup(groupname: string, displayName?: string): Promise<void> {
    await this.#done({ message: 'group.create', groupname, ...display(displayName) });
  }

  /** Joins a group. Joining again succeeds too. */
  async joinGroup(groupname: string): Promise<void> {
    await this.#done({ message: 'group.join', groupname });
  }

  /** Leaves a group. Nobody can leave the lobby. */
  async leaveGroup(groupname: string): Promise<void> {
    await this.#done({ message: 'group.leave', groupname });
  }

  /** Turns this guest into an account with the same name. */
  async register(password: string, displayName?: string): Promise<void> {
    const hash = await this.#hash(password);
    const account = { username: this.me.username, password: hash, ...display(displayName) };
    await this.#done({ message: 'register', ...account });
    this.#state.loginRequest = { ...this.#state.loginRequest, password: hash }; // TAG-85
  }

  /**
   * Sends a request and resolves with its reply, even a refusal. Requests need not wait for each other. Rejects with a
   * TaggedError `offline` or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the reply.
   */
  request(request: Request): Promise<Reply> {
    return this.#connection.request(request, (reply) => reply);
  }

  /** Logs out, without reconnecting; resolves when the connection has ended. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Iterates over the events; each goes to one reader. Ends after `close`; throws a TaggedError `refused` if it cannot reconnect. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#connection[Symbol.asyncIterator]();
  }

  #hash(password: string): Promise<string> {
    return hashOf(password, this.#platform.sha256);
  }

  #chat(to: string, text: string, { font, nonce, timestamp = this.#timeFor(nonce) }: ChatOptions) {
    const more = { ...(font === undefined ? {} : { font }), ...(nonce === undefined ? {} : { nonce }) };
    return { to, body: text, timestamp, ...more };
  }

  /** The time of a message without one: the first of its nonce, without which the server would take it for another message. */
  #timeFor(nonce: string | undefined): number {
    const time = (nonce === undefined ? undefined : this.#times.get(nonce)) ?? this.#platform.now();
    if (nonce !== undefined) this.#times.set(nonce, time); // TAG-97
    return time;
  }

  /** Resolves with the list that the server sent just before its reply. */
  async #details<T>(request: Request, told: () => readonly T[]): Promise<readonly T[]> {
    const [reply, list] = await this.#connection.request(request, (reply) => [reply, told()] as const);
    return isFound(reply) ? list : []; // TAG-83
  }

  async #done(request: Request): Promise<Reply> {
    const reply = await this.request(request);
    if (reply.result >= 400) throw failure(reply); // TAG-83
    return reply;
  }
}
