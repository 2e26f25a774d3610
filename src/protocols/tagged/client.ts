import { type Platform as CommonPlatform, withDefaults } from '../../lib/platform.ts';
import { ReconnectingClient } from '../../lib/reconnecting-client.ts';
import { failure, type Failure, TaggedError } from './client-error.ts';
import { hashOf, type Platform } from './client-platform.ts';
import { display, register, type RegisterOptions } from './client-register.ts';
import { idOf, isFound, messagesOf } from './client-replies.ts';
import { type ClientEvent, ClientState } from './client-state.ts';
import type { Chat, FontParts, Group, Me, Push, Reply, Up, UpOf, User } from './schema.ts';

export { type ClientEvent, type Failure, type Platform, register, type RegisterOptions, TaggedError };

/** A request that has a reply, without its tag; `logout` has none, `close` says it. */
export type Request = Exclude<Up, { message: 'logout' }>;

/** Without a password one enters as a guest. With `echo` it hears what the same person sends from elsewhere. */
export type Options = {
  readonly name: string;
  readonly password?: string;
  readonly status?: string;
  readonly echo?: boolean;
  readonly platform?: Partial<Platform>;
};

/** What a client may say of a message beside its text. A message with a nonce that was used in the last 24 h is not sent twice. */
export type ChatOptions = { readonly font?: FontParts; readonly timestamp?: number; readonly nonce?: string };

/** Messages before the one with this id, at most 200 of them. */
export type Page = { readonly before?: string; readonly limit?: number };

/**
 * Logs in at a server, for example at `ws://localhost:5000/tagged`. Rejects with a TaggedError `refused`, `offline` or
 * `unreadable`, and with a TypeError for what is not well-formed Unicode.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** One person on one server, who comes back when the connection is lost. Reading it gives what happens there. */
export class Client implements AsyncIterable<ClientEvent> {
  readonly #state: ClientState;
  readonly #connection: ReconnectingClient<Up, Reply, Push, ClientEvent, TaggedError>;
  readonly #platform: CommonPlatform & Partial<Platform>;

  private constructor(url: string, login: UpOf<'login'>, platform: Partial<Platform>) {
    this.#platform = { ...platform, ...withDefaults(platform) };
    this.#state = new ClientState(login);
    this.#connection = new ReconnectingClient(url, this.#platform, this.#state);
  }

  /** What `connect` does. */
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

  /** Who one is, as the server last said. */
  get me(): Me {
    return this.#state.me;
  }

  /** Says something to a user; resolves when it is on the server's disk. `delivered` is false if it waits there. */
  async chat(to: string, text: string, options: ChatOptions = {}): Promise<{ id: string; delivered: boolean }> {
    const reply = await this.#done({ message: 'chat.user', ...this.#said(to, text, options) });
    return { id: idOf(reply), delivered: reply.result === 200 };
  }

  /** Says something to a group; resolves when it is on the server's disk. */
  async chatGroup(to: string, text: string, options: ChatOptions = {}): Promise<{ id: string }> {
    return { id: idOf(await this.#done({ message: 'chat.group', ...this.#said(to, text, options) })) };
  }

  /** Gives a message of one's own another text. */
  async edit(id: string, text: string, font?: FontParts): Promise<void> {
    await this.#done({ message: 'chat.edit', id, body: text, ...(font === undefined ? {} : { font }) });
  }

  /** Takes the words of a message away for good: of one of one's own, or of one that one moderates. */
  async delete(id: string): Promise<void> {
    await this.#done({ message: 'chat.delete', id });
  }

  /** The users that one has as friends. */
  async friends(): Promise<readonly User[]> {
    const reply = await this.#done({ message: 'list.friends' });
    return reply.reply === 'detail.users' ? reply.users : [];
  }

  /** The groups that one is in. */
  async groups(): Promise<readonly Group[]> {
    const reply = await this.#done({ message: 'list.groups' });
    return reply.reply === 'detail.groups' ? reply.groups : [];
  }

  /** Those of these users that there are; at most 100 names. */
  async users(usernames: readonly string[]): Promise<readonly User[]> {
    return this.#details({ message: 'detail.users', usernames: [...usernames] }, () => this.#state.users);
  }

  /** Those of these groups that there are; at most 100 names. */
  async groupDetails(groupnames: readonly string[]): Promise<readonly Group[]> {
    return this.#details({ message: 'detail.groups', groupnames: [...groupnames] }, () => this.#state.groups);
  }

  /** What was said between oneself and a user, oldest first. */
  async historyWith(username: string, page: Page = {}): Promise<readonly Chat[]> {
    return messagesOf(await this.#done({ message: 'history.user', username, ...page }));
  }

  /** What was said in a group, oldest first. */
  async historyOf(groupname: string, page: Page = {}): Promise<readonly Chat[]> {
    return messagesOf(await this.#done({ message: 'history.group', groupname, ...page }));
  }

  /** What others are shown beside one's name. Guests have none of their own. */
  async setDisplayName(displayName: string): Promise<void> {
    await this.#done({ message: 'me.name', display_name: displayName });
    this.#state.me = { ...this.me, display_name: displayName };
  }

  /** `Available`, `Away`, `Busy`, `Offline`, or words of one's own. */
  async setStatus(status: string): Promise<void> {
    await this.#done({ message: 'me.status', status });
    this.#state.me = { ...this.me, status };
    this.#state.loginRequest = { ...this.#state.loginRequest, initial_status: status }; // TAG-85
  }

  /** Changes the password of one's account, which ends its other connections; the new one is given when this client comes back. */
  async setPassword(old: string, password: string): Promise<void> {
    const [before, after] = await Promise.all([this.#hash(old), this.#hash(password)]);
    await this.#done({ message: 'me.password', old: before, new: after });
    this.#state.loginRequest = { ...this.#state.loginRequest, password: after }; // TAG-85
  }

  /** Adds a user to one's friends, without asking. */
  async addFriend(username: string): Promise<void> {
    await this.#done({ message: 'friend.add', username });
  }

  /** Takes a user from one's friends. */
  async removeFriend(username: string): Promise<void> {
    await this.#done({ message: 'friend.remove', username });
  }

  /** From now on one is not shown what this user says. */
  async block(username: string): Promise<void> {
    await this.#done({ message: 'block.add', username });
  }

  /** From now on one is shown again what this user says. */
  async unblock(username: string): Promise<void> {
    await this.#done({ message: 'block.remove', username });
  }

  /** Makes a group that everybody with an account may join; one is its first member. */
  async createGroup(groupname: string, displayName?: string): Promise<void> {
    await this.#done({ message: 'group.create', groupname, ...display(displayName) });
  }

  /** Joins a group; who is in it already may do so again. */
  async joinGroup(groupname: string): Promise<void> {
    await this.#done({ message: 'group.join', groupname });
  }

  /** Leaves a group. Nobody leaves the lobby. */
  async leaveGroup(groupname: string): Promise<void> {
    await this.#done({ message: 'group.leave', groupname });
  }

  /** As a guest: makes an account of the name one bears, and of oneself its person. */
  async register(password: string, displayName?: string): Promise<void> {
    const hash = await this.#hash(password);
    const account = { username: this.me.username, password: hash, ...display(displayName) };
    await this.#done({ message: 'register', ...account });
    this.#state.loginRequest = { ...this.#state.loginRequest, password: hash }; // TAG-85
  }

  /**
   * Sends a request and gives its reply as it is, also a refusal; requests need not wait for each other. Rejects with a
   * TaggedError `offline` or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the reply.
   */
  request(request: Request): Promise<Reply> {
    return this.#connection.request(request, (reply) => reply);
  }

  /** Logs out for good; resolves when the connection has ended. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** What happens, each event for one reader. Ends after `close`; throws a TaggedError `refused` if there is no coming back. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#connection[Symbol.asyncIterator]();
  }

  #hash(password: string): Promise<string> {
    return hashOf(password, this.#platform.sha256);
  }

  #said(to: string, text: string, { font, timestamp = this.#platform.now(), nonce }: ChatOptions) {
    const more = { ...(font === undefined ? {} : { font }), ...(nonce === undefined ? {} : { nonce }) };
    return { to, body: text, timestamp, ...more };
  }

  /** What was last told when the reply comes. */
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
