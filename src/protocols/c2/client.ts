import { Exchange, type Hearer, type Reading, type Socket } from '../../lib/exchange.ts';
import { Feed } from '../../lib/feed.ts';
import { Recent } from '../../lib/recent.ts';
import { FrameDecoder, MAX_FRAME_BYTES, readDown, writeUp } from './codec.ts';
import type { Down, Up } from './schema.ts';

const UNREAD = 1_024;
const REMEMBERED = 2_000;
const JOIN_MS = 20_000;
const PING_MS = 5_000;
const CLOSE_MS = 2_000;
const WATCH_MS = 30_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;

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

/** What a client stands on. All of it has defaults, except a WebSocket where the platform has none. */
export type Platform = {
  readonly WebSocket: new (url: string) => Socket;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls once after so many milliseconds; returns the function that prevents it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
};

/** Who comes: a guest, or with a `password` an account. */
export type Options = { readonly name: string; readonly password?: string; readonly platform?: Partial<Platform> };

/** Why something failed. `unknown-outcome`: it was sent, and nobody knows whether it was done. */
export type Failure = 'refused' | 'offline' | 'unknown-outcome' | 'unreadable' | 'banned' | 'closed';

export class C2Error extends Error {
  readonly code: Failure;

  constructor(code: Failure, message: string) {
    super(message);
    this.name = 'C2Error';
    this.code = code;
  }
}

/**
 * Enters a server under a name, with the password where that is an account's, for example at `ws://localhost:5000/`. Rejects with a C2Error `refused` or `offline`,
 * and with a TypeError for a name that no server could read.
 */
export function connect(url: string, options: Options): Promise<Client> {
  return Client.open(url, options);
}

/** Asks a server for its id without entering it; `ms` is how long the answer took. */
export function ping(url: string, platform: Partial<Platform> = {}): Promise<{ server: number; ms: number }> {
  const { WebSocket, now, after } = withDefaults(platform);
  return new Promise((resolve, reject) => {
    const exchange = talk(new WebSocket(url), {
      open() {
        const start = now();
        exchange.ask({ type: 'PING', timestamp: null }, (reply) => {
          if (reply?.type === 'PING') resolve({ server: reply.server, ms: now() - start });
          else if (reply !== null) reject(failure(reply));
          exchange.end('done');
        });
      },
      push() {},
      lost(reason) {
        cancel();
        reject(new C2Error('offline', reason));
      },
    });
    const cancel = after(PING_MS, () => exchange.end('no answer in 5 s')); // C2-82
  });
}

/** One person on one server, who comes back when the connection is lost. Reading it gives what happens there. */
export class Client implements AsyncIterable<ClientEvent> {
  readonly #url: string;
  readonly #password: string | null;
  readonly #platform: Platform;
  readonly #events = new Feed<ClientEvent>(UNREAD, (count) => ({ type: 'missed', count })); // C2-77
  readonly #texts = new Recent(REMEMBERED); // C2-76
  readonly #entered = Promise.withResolvers<Client>();
  readonly #finished = Promise.withResolvers<void>();
  #state: 'first' | 'online' | 'offline' | 'closing' | 'closed' = 'first';
  #exchange: Exchange<Up, Reply, Push> | null = null;
  /** Stops the one timer that runs in each state: for joining, watching, trying again, or closing. */
  #stop: () => void = () => {};
  #name: string;
  #server = '';
  #since = 0;
  #failures = 0;
  #banned: C2Error | null = null;

  private constructor(url: string, { name, password, platform }: Options) {
    this.#url = url;
    this.#name = name;
    this.#password = password ?? null;
    this.#platform = withDefaults(platform ?? {});
  }

  static async open(url: string, options: Options): Promise<Client> {
    const client = new Client(url, options);
    writeUp(client.#hello());
    client.#join();
    return client.#entered.promise;
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
  async send(text: string, { timestamp = this.#platform.now() }: { timestamp?: number } = {}): Promise<void> {
    await this.#acknowledged({ type: 'MSG', timestamp, text: literal(text) });
  }

  /** Says something to one person alone; resolves when it is on the server's disk. Rejects with a TypeError for a name with blanks. */
  async direct(
    name: string,
    text: string,
    { timestamp = this.#platform.now() }: { timestamp?: number } = {},
  ): Promise<void> {
    if (name === '' || name.includes(' ') || text === '')
      throw new TypeError('a name has no blanks, and a text is not empty'); // C2-83
    await this.#acknowledged({ type: 'MSG', timestamp, text: `/msg ${name} ${text}` }); // C2-83
  }

  /** Gives a message of one's own another text; resolves when that is on the server's disk. */
  async edit(id: string, text: string): Promise<void> {
    await this.#acknowledged({ type: 'QUERY update_message', id, text: literal(text) });
  }

  /** The names of all who are there. */
  async users(): Promise<string[]> {
    const text = await this.#acknowledged({ type: 'QUERY active_users' });
    if (!/^\[.*\]$/.test(text)) throw new C2Error('unreadable', `not a list of names: ${text}`);
    return text === '[]' ? [] : text.slice(1, -1).split(',');
  }

  async rename(name: string): Promise<void> {
    await this.#acknowledged({ type: 'UPDATE', property: 'username', value: name });
    this.#name = name;
  }

  /**
   * Sends a request and gives its answer as it is, also a `c2/ERROR`; requests need not wait for each other. Rejects with
   * a C2Error `offline` or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the answer.
   */
  request(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#state === 'closing' || this.#state === 'closed') throw new C2Error('closed', 'this client was closed');
      if (this.#state !== 'online' || this.#exchange === null) throw new C2Error('offline', 'not connected'); // C2-73
      this.#exchange.ask(request, (reply) => {
        if (reply === null)
          reject(new C2Error('unknown-outcome', 'connection lost, outcome unknown')); // C2-73
        else resolve(reply); // C2-71
      });
    });
  }

  /** Leaves for good; resolves when the connection has ended. */
  close(): Promise<void> {
    const exchange = this.#exchange;
    if (this.#state === 'online' && exchange !== null) {
      this.#stop();
      this.#state = 'closing';
      exchange.say({ type: 'DISCONNECT' });
      this.#stop = this.#platform.after(CLOSE_MS, () => exchange.end('closed')); // C2-81
    } else if (this.#state === 'offline') {
      this.#state = 'closing';
      if (exchange === null) this.#finish(null);
      else exchange.end('closed');
    }
    return this.#finished.promise;
  }

  /** What happens, each event for one reader. Ends after `close`; throws a C2Error `banned` if the person was. */
  [Symbol.asyncIterator](): AsyncIterator<ClientEvent, undefined> {
    return this.#events[Symbol.asyncIterator]();
  }

  #hello(): Up {
    return { type: 'CONNECT', username: this.#name, password: this.#password };
  }

  #join(): void {
    let refused: C2Error | null = null;
    const exchange = talk(new this.#platform.WebSocket(this.#url), {
      open: () =>
        exchange.ask(this.#hello(), (reply) => {
          if (reply === null) return;
          if (reply.type === 'ACKNOWLEDGE') return this.#online(exchange, reply.text); // C2-70
          refused = failure(reply);
          exchange.end(refused.message);
        }),
      push: (push) => this.#hear(push),
      lost: (reason) => this.#lost(refused ?? new C2Error('offline', reason)),
    });
    this.#exchange = exchange;
    this.#stop = this.#platform.after(JOIN_MS, () => exchange.end('no answer in 20 s')); // C2-70
  }

  #online(exchange: Exchange<Up, Reply, Push>, server: string): void {
    this.#stop();
    if (this.#state === 'offline') this.#events.push({ type: 'online' }); // C2-77
    this.#state = 'online';
    this.#server = server;
    this.#since = this.#platform.now();
    this.#watch(exchange, false);
    this.#entered.resolve(this);
  }

  #watch(exchange: Exchange<Up, Reply, Push>, asked: boolean): void {
    this.#stop = this.#platform.after(WATCH_MS, () => {
      const heard = exchange.heard();
      if (asked && !heard) return exchange.end('nothing heard'); // C2-79
      if (!heard) exchange.ask({ type: 'PING', timestamp: null }, () => {}); // C2-79
      this.#watch(exchange, !heard);
    });
  }

  #hear(push: Push): void {
    if (push.type === 'MSG' && !this.#texts.isNews(push.id, push.text)) return; // C2-76
    if (push.type === 'DISCONNECT ban' && push.username === this.#name) this.#banned = banned(push.reason); // C2-75
    this.#events.push(push);
  }

  #lost(error: C2Error): void {
    this.#stop();
    this.#exchange = null;
    if (this.#state === 'first') this.#entered.reject(error); // C2-70
    if (this.#state === 'first' || this.#state === 'closing') return this.#finish(null);
    const ban = error.code === 'banned' ? error : this.#banned;
    if (ban !== null) return this.#finish(ban); // C2-75
    if (this.#state === 'online') {
      this.#events.push({ type: 'offline', reason: error.message }); // C2-77
      if (this.#platform.now() - this.#since >= WATCH_MS) this.#failures = 0; // C2-74
    }
    this.#state = 'offline';
    const most = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    this.#stop = this.#platform.after(this.#platform.random() * most, () => this.#join()); // C2-74
  }

  #finish(error: C2Error | null): void {
    this.#stop();
    this.#state = 'closed';
    this.#events.end(error);
    this.#finished.resolve();
  }

  async #acknowledged(request: Request): Promise<string> {
    const reply = await this.request(request);
    if (reply.type !== 'ACKNOWLEDGE') throw failure(reply); // C2-72
    return reply.text;
  }
}

function talk(socket: Socket, hearer: Hearer<Push>): Exchange<Up, Reply, Push> {
  return new Exchange(socket, { write: writeUp, read: readFrame }, hearer);
}

function readFrame(frame: string | Uint8Array): Reading<Reply, Push> {
  if (typeof frame === 'string' && frame.length > MAX_FRAME_BYTES) return { type: 'broken', reason: 'too long' }; // C2-78
  const [read] = typeof frame === 'string' ? [readDown(frame)] : new FrameDecoder(readDown, 'message').push(frame);
  if (read === undefined || !read.ok) return read?.fatal ? { type: 'broken', reason: read.reason } : { type: 'skip' }; // C2-78
  const { message } = read;
  if (message.type === 'ACKNOWLEDGE' || message.type === 'ERROR' || message.type === 'PING')
    return { type: 'reply', message };
  return { type: 'push', message };
}

/** The server reads a first `/` as a command, and `//` as a `/`. */
function literal(text: string): string {
  return text.startsWith('/') ? `/${text}` : text; // C2-80
}

function failure(reply: Reply): C2Error {
  if (reply.type !== 'ERROR') return new C2Error('unreadable', `an answer to something else: ${reply.type}`);
  return new C2Error(reply.reason.startsWith('banned: ') ? 'banned' : 'refused', reply.reason); // C2-72
}

function banned(reason: string): C2Error {
  return new C2Error('banned', `banned: ${reason}`);
}

function withDefaults(platform: Partial<Platform>): Platform {
  return {
    WebSocket: platform.WebSocket ?? WebSocket,
    now: platform.now ?? Date.now,
    random: platform.random ?? Math.random,
    after: platform.after ?? startTimer,
  };
}

function startTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
