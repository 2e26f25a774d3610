import type { Socket } from '../../lib/exchange.ts';
import { Feed } from '../../lib/feed.ts';
import { Recent } from '../../lib/recent.ts';
import { writeUp } from './codec.ts';
import type { Chat, FontParts, Group, Me, Push, Reply, ResultCode, Up, User } from './schema.ts';
import { Talk } from './talk.ts';

const UNREAD = 1_024;
const REMEMBERED = 2_000;
const LOGIN_MS = 20_000;
const CLOSE_MS = 2_000;
const WATCH_MS = 30_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;
const utf8 = new TextEncoder();

/** A request that has a reply, without its tag; `logout` has none, `close` says it. */
export type Request = Exclude<Up, { message: 'logout' }>;

/** What the iterator gives. `missed` stands for so many events that nobody read in time. */
export type ClientEvent =
  | Push
  | { readonly message: 'offline'; readonly reason: string }
  | { readonly message: 'online' }
  | { readonly message: 'missed'; readonly count: number };

/** What a client stands on. All of it has defaults, except a WebSocket where the platform has none. */
export type Platform = {
  readonly WebSocket: new (url: string) => Socket;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls once after so many milliseconds; returns the function that prevents it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Browsers have one of their own only on pages that came over TLS or from the same machine. */
  readonly sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
};

/** Without a password one enters as a guest. With `echo` it hears what the same person sends from elsewhere. */
export type Options = {
  readonly name: string;
  readonly password?: string;
  readonly status?: string;
  readonly echo?: boolean;
  readonly platform?: Partial<Platform>;
};

/** Why something failed. `unknown-outcome`: it was sent, and nobody knows whether it was done. */
export type Failure = 'refused' | 'offline' | 'unknown-outcome' | 'unreadable' | 'closed';

export class TaggedError extends Error {
  readonly code: Failure;
  /** What the server answered, where it refused. */
  readonly result: ResultCode | null;
  /** After so many milliseconds the same may be tried again, where the server said so. */
  readonly retryAfterMs: number | null;

  constructor(code: Failure, message: string, reply?: Reply) {
    super(message);
    this.name = 'TaggedError';
    this.code = code;
    this.result = reply?.result ?? null;
    this.retryAfterMs = reply?.retry_after === undefined ? null : reply.retry_after * 1000;
  }
}

/** What a client may say of a message beside its text. A message with a nonce that was used in the last 24 h is not sent twice. */
export type ChatOptions = { readonly font?: FontParts; readonly timestamp?: number; readonly nonce?: string };

/** Messages before the one with this id, at most 200 of them. */
export type Page = { readonly before?: string; readonly limit?: number };

/** Logs in at a server, for example at `ws://localhost:5000/tagged`. Rejects with a TaggedError `refused` or `offline`. */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** Makes an account; nobody is logged in by it. Rejects as `connect` does. */
export async function register(
  url: string,
  { name, password, displayName, platform = {} }: RegisterOptions,
): Promise<void> {
  const whole = withDefaults(platform);
  const request = { message: 'register', username: name, password: await hashOf(password, whole) } as const;
  const reply = await askOnce(
    url,
    displayName === undefined ? request : { ...request, display_name: displayName },
    whole,
  );
  if (reply.result !== 201) throw failure(reply);
}

export type RegisterOptions = {
  readonly name: string;
  readonly password: string;
  readonly displayName?: string;
  readonly platform?: Partial<Platform>;
};

/** One person on one server, who comes back when the connection is lost. Reading it gives what happens there. */
export class Client implements AsyncIterable<ClientEvent> {
  readonly #url: string;
  readonly #platform: Platform;
  readonly #events = new Feed<ClientEvent>(UNREAD, (count) => ({ message: 'missed', count })); // TAG-87
  readonly #shown = new Recent(REMEMBERED); // TAG-86
  readonly #entered = Promise.withResolvers<Client>();
  readonly #finished = Promise.withResolvers<void>();
  #state: 'first' | 'online' | 'offline' | 'closing' | 'closed' = 'first';
  #login: Up;
  #me: Me;
  #talk: Talk | null = null;
  /** Stops the one timer that runs in each state: for logging in, watching, trying again, or closing. */
  #stop: () => void = () => {};
  #users: readonly User[] = [];
  #groups: readonly Group[] = [];
  #since = 0;
  #failures = 0;

  private constructor(url: string, login: Up, me: Me, platform: Platform) {
    this.#url = url;
    this.#login = login;
    this.#me = me;
    this.#platform = platform;
  }

  static async open(url: string, { name, password, status, echo, platform = {} }: Options): Promise<Client> {
    const whole = withDefaults(platform);
    const login: Up = {
      message: 'login',
      username: name,
      version: 1,
      ...(password === undefined ? {} : { password: await hashOf(password, whole) }), // TAG-82
      ...(status === undefined ? {} : { initial_status: status }),
      ...(echo === undefined ? {} : { echo }),
    };
    writeUp(login);
    const client = new Client(url, login, { username: name, display_name: name, status: '' }, whole);
    client.#enter();
    return client.#entered.promise;
  }

  /** Who one is, as the server last said. */
  get me(): Me {
    return this.#me;
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

  async delete(id: string): Promise<void> {
    await this.#done({ message: 'chat.delete', id });
  }

  async friends(): Promise<readonly User[]> {
    const reply = await this.#done({ message: 'list.friends' });
    return reply.reply === 'detail.users' ? reply.users : [];
  }

  async groups(): Promise<readonly Group[]> {
    const reply = await this.#done({ message: 'list.groups' });
    return reply.reply === 'detail.groups' ? reply.groups : [];
  }

  /** Those of these users that there are; at most 100 names. */
  async users(usernames: readonly string[]): Promise<readonly User[]> {
    const { reply, users } = await this.#ask({ message: 'detail.users', usernames: [...usernames] });
    return isFound(reply) ? users : []; // TAG-83
  }

  /** Those of these groups that there are; at most 100 names. */
  async groupDetails(groupnames: readonly string[]): Promise<readonly Group[]> {
    const { reply, groups } = await this.#ask({ message: 'detail.groups', groupnames: [...groupnames] });
    return isFound(reply) ? groups : []; // TAG-83
  }

  /** What was said between oneself and a user, oldest first. */
  async historyWith(username: string, page: Page = {}): Promise<readonly Chat[]> {
    return messagesOf(await this.#done({ message: 'history.user', username, ...page }));
  }

  /** What was said in a group, oldest first. */
  async historyOf(groupname: string, page: Page = {}): Promise<readonly Chat[]> {
    return messagesOf(await this.#done({ message: 'history.group', groupname, ...page }));
  }

  async setDisplayName(displayName: string): Promise<void> {
    await this.#done({ message: 'me.name', display_name: displayName });
    this.#me = { ...this.#me, display_name: displayName };
  }

  /** `Available`, `Away`, `Busy`, `Offline`, or words of one's own. */
  async setStatus(status: string): Promise<void> {
    await this.#done({ message: 'me.status', status });
    this.#me = { ...this.#me, status };
    this.#login = { ...this.#login, initial_status: status } as Up; // TAG-85
  }

  async setPassword(old: string, password: string): Promise<void> {
    const [before, after] = await Promise.all([hashOf(old, this.#platform), hashOf(password, this.#platform)]);
    await this.#done({ message: 'me.password', old: before, new: after });
    this.#login = { ...this.#login, password: after } as Up; // TAG-85
  }

  async addFriend(username: string): Promise<void> {
    await this.#done({ message: 'friend.add', username });
  }

  async removeFriend(username: string): Promise<void> {
    await this.#done({ message: 'friend.remove', username });
  }

  async block(username: string): Promise<void> {
    await this.#done({ message: 'block.add', username });
  }

  async unblock(username: string): Promise<void> {
    await this.#done({ message: 'block.remove', username });
  }

  async createGroup(groupname: string, displayName?: string): Promise<void> {
    const name = displayName === undefined ? {} : { display_name: displayName };
    await this.#done({ message: 'group.create', groupname, ...name });
  }

  async joinGroup(groupname: string): Promise<void> {
    await this.#done({ message: 'group.join', groupname });
  }

  async leaveGroup(groupname: string): Promise<void> {
    await this.#done({ message: 'group.leave', groupname });
  }

  /** As a guest: makes an account of the name one bears, and of oneself its person. */
  async register(password: string, displayName?: string): Promise<void> {
    const hash = await hashOf(password, this.#platform);
    const name = displayName === undefined ? {} : { display_name: displayName };
    await this.#done({ message: 'register', username: this.#me.username, password: hash, ...name });
    this.#login = { ...this.#login, password: hash } as Up; // TAG-85
  }

  /**
   * Sends a request and gives its reply as it is, also a refusal; requests need not wait for each other. Rejects with a
   * TaggedError `offline` or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the reply.
   */
  async request(request: Request): Promise<Reply> {
    const { reply } = await this.#ask(request);
    return reply;
  }

  /** Logs out for good; resolves when the connection has ended. */
  close(): Promise<void> {
    const talk = this.#talk;
    if (this.#state === 'online' && talk !== null) {
      this.#stop();
      this.#state = 'closing';
      talk.say({ message: 'logout' });
      this.#stop = this.#platform.after(CLOSE_MS, () => talk.end('closed')); // TAG-89
    } else if (this.#state === 'offline') {
      this.#state = 'closing';
      if (talk === null) this.#finish(null);
      else talk.end('closed');
    }
    return this.#finished.promise;
  }

  /** What happens, each event for one reader. Ends after `close`; throws a TaggedError `refused` if there is no coming back. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#events[Symbol.asyncIterator]();
  }

  #enter(): void {
    let refused: TaggedError | null = null;
    const talk = new Talk(new this.#platform.WebSocket(this.#url), {
      open: () =>
        talk.ask(this.#login, (reply) => {
          if (reply === null) return;
          if (reply.reply === 'login' && reply.result === 200 && reply.me) return this.#online(talk, reply.me); // TAG-80
          refused = failure(reply);
          talk.end(refused.message);
        }),
      push: (push) => this.#hear(push),
      lost: (reason) => this.#lost(refused ?? new TaggedError(isBan(reason) ? 'refused' : 'offline', reason)),
    });
    this.#talk = talk;
    this.#stop = this.#platform.after(LOGIN_MS, () => talk.end('no answer in 20 s')); // TAG-80
  }

  #online(talk: Talk, me: Me): void {
    this.#stop();
    if (this.#state === 'offline') this.#events.push({ message: 'online' }); // TAG-87
    this.#state = 'online';
    this.#me = me;
    this.#since = this.#platform.now();
    this.#watch(talk, false);
    this.#entered.resolve(this);
  }

  #watch(talk: Talk, asked: boolean): void {
    this.#stop = this.#platform.after(WATCH_MS, () => {
      const heard = talk.heard();
      if (asked && !heard) return talk.end('nothing heard'); // TAG-90
      if (!heard) talk.ask({ message: 'detail.users', usernames: [] }, () => {}); // TAG-90
      this.#watch(talk, !heard);
    });
  }

  #hear(push: Push): void {
    if (push.message === 'detail.users') this.#users = push.users;
    else if (push.message === 'detail.groups') this.#groups = push.groups;
    else if (push.tag !== undefined && !this.#shown.isNews(push.tag, '')) return; // TAG-86
    this.#events.push(push);
  }

  #lost(error: TaggedError): void {
    this.#stop();
    this.#talk = null;
    if (this.#state === 'first') this.#entered.reject(error); // TAG-80
    if (this.#state === 'first' || this.#state === 'closing') return this.#finish(null);
    if (isFinal(error)) return this.#finish(error); // TAG-85
    if (this.#state === 'online') {
      this.#events.push({ message: 'offline', reason: error.message }); // TAG-87
      if (this.#platform.now() - this.#since >= WATCH_MS) this.#failures = 0; // TAG-85
    }
    this.#state = 'offline';
    const most = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    this.#stop = this.#platform.after(this.#platform.random() * most, () => this.#enter()); // TAG-85
  }

  #finish(error: TaggedError | null): void {
    this.#stop();
    this.#state = 'closed';
    this.#events.end(error);
    this.#finished.resolve();
  }

  #said(to: string, text: string, { font, timestamp = this.#platform.now(), nonce }: ChatOptions) {
    const more = { ...(font === undefined ? {} : { font }), ...(nonce === undefined ? {} : { nonce }) };
    return { to, body: text, timestamp, ...more };
  }

  /** Together with the reply what was last told of users and groups before it. */
  #ask(request: Request): Promise<{ reply: Reply; users: readonly User[]; groups: readonly Group[] }> {
    return new Promise((resolve, reject) => {
      if (this.#state === 'closing' || this.#state === 'closed')
        throw new TaggedError('closed', 'this client was closed');
      if (this.#state !== 'online' || this.#talk === null) throw new TaggedError('offline', 'not connected'); // TAG-84
      this.#talk.ask(request, (reply) => {
        if (reply !== null)
          resolve({ reply, users: this.#users, groups: this.#groups }); // TAG-81
        else reject(new TaggedError('unknown-outcome', 'connection lost, outcome unknown')); // TAG-84
      });
    });
  }

  async #done(request: Request): Promise<Reply> {
    const reply = await this.request(request);
    if (reply.result >= 400) throw failure(reply); // TAG-83
    return reply;
  }
}

function askOnce(url: string, request: Request, { WebSocket, after }: Platform): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const talk = new Talk(new WebSocket(url), {
      open() {
        talk.ask(request, (reply) => {
          if (reply === null) return;
          resolve(reply);
          talk.end('done');
        });
      },
      push() {},
      lost(reason) {
        cancel();
        reject(new TaggedError('offline', reason));
      },
    });
    const cancel = after(LOGIN_MS, () => talk.end('no answer in 20 s')); // TAG-80
  });
}

/** SHA-256 of the password's UTF-8, in hex: what goes over the wire in its place. */
async function hashOf(password: string, { sha256 }: Platform): Promise<string> {
  const digest = new Uint8Array(await sha256(utf8.encode(password))); // TAG-82
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** False where there is nothing to tell; throws where it was refused for another reason. */
function isFound(reply: Reply): boolean {
  if (reply.result === 204 || reply.result === 404) return false; // TAG-83
  if (reply.result >= 400) throw failure(reply); // TAG-83
  return true;
}

function idOf(reply: Reply): string {
  return reply.reply === 'default' ? (reply.id ?? '') : '';
}

function messagesOf(reply: Reply): readonly Chat[] {
  return reply.reply === 'history' ? reply.messages : [];
}

function failure(reply: Reply): TaggedError {
  const code = reply.result >= 400 ? 'refused' : 'unreadable';
  return new TaggedError(code, reply.result_message, reply);
}

/** Wrong credentials and bans do not pass by trying again; a name that is taken may become free. */
function isFinal({ result, message }: TaggedError): boolean {
  return result === 401 || isBan(message); // TAG-85
}

function isBan(words: string): boolean {
  return words.startsWith('banned: ');
}

function withDefaults(platform: Partial<Platform>): Platform {
  return {
    WebSocket: platform.WebSocket ?? WebSocket,
    now: platform.now ?? Date.now,
    random: platform.random ?? Math.random,
    after: platform.after ?? startTimer,
    sha256: platform.sha256 ?? ((bytes) => crypto.subtle.digest('SHA-256', bytes)),
  };
}

function startTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
