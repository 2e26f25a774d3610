import type { Platform } from '../../../lib/platform.ts';
import { Backoff } from '../../../lib/reconnecting/backoff.ts';
import { keepalive } from '../../../lib/reconnecting/keepalive.ts';
import { RequestChannel } from '../../../lib/request-channel.ts';
import type { Success } from '../schema.ts';
import { type Answer, type Channel, codec, type Outgoing, type Push } from './codec.ts';
import { DocumentsError, isFinal, isPassing } from './error.ts';
import { outcomeOf } from './requests.ts';

const LOGIN_MS = 20_000;
const CLOSE_MS = 2_000;
const SILENCE_MS = 30_000;
const CHECK_MS = 5_000;
/** Why the server closes a connection whose session another one took. */
const TAKEN = 'the session goes on on another connection';
/** A connection that lasted so long was a good one. */
const LASTED_MS = 2_000;
/** A longer name of a session could not be sent back. */
const LONGEST_SESSION = 1_024;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;

/** What the server said at the login. An application may keep it and give it to the next `connect`. */
export type Session = Extract<Success, { cls: 'login' }>['data'];

/** The name, and the password or the token that is good now; without one of them the person is a guest. */
export type Credentials = {
  readonly name: string;
  secret: { readonly password?: string; readonly token?: string };
};

/** A request that ends the session. */
export type Logout = Extract<Outgoing, { cls: 'logout' }>;

/** Uses a connection. `connected` comes once for each, `lost` after it; `ended` is the last, with the reason if the client did not ask for it. */
export type ConnectionUser = {
  newId(): string;
  connected(channel: Channel, isResumed: boolean): void;
  pushed(push: Push, channel: Channel): void;
  lost(reason: string): void;
  ended(error: DocumentsError | null): void;
};

/** Stays logged in: connects again, goes on with the session if the server still has it, and else logs in anew. */
export class Connection {
  readonly #url: string;
  readonly #platform: Platform;
  readonly #user: ConnectionUser;
  readonly #backoff: Backoff;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #state: 'opening' | 'online' | 'offline' | 'closing' | 'closed' = 'opening';
  #channel: Channel | null = null;
  /** Stops the one timer of the current state: for login, keepalive, retry or close. */
  #stopTimer: () => void = () => {};
  #onlineSince = 0;
  #isChecking = false;
  /** The session of the last login, or the one that the application kept. */
  session: Session | null;
  readonly credentials: Credentials;

  constructor(
    url: string,
    platform: Platform,
    credentials: Credentials,
    session: Session | null,
    user: ConnectionUser,
  ) {
    this.#url = url;
    this.#platform = platform;
    this.#user = user;
    this.credentials = credentials;
    this.session = session;
    this.#backoff = new Backoff(FIRST_RETRY_MS, LAST_RETRY_MS, platform.random);
  }

  /** Connects and logs in; call it once. Rejects if the first try fails, within 20 s, or if the login cannot be written. */
  async open(): Promise<void> {
    codec.encode(this.#loginRequest, null);
    if (this.session !== null) codec.encode(reconnectRequest(this.session), null);
    this.#connect();
    return this.#opened.promise;
  }

  /** Connects now if it is offline; else finds out within 5 s whether the connection still works. */
  check(): void {
    const channel = this.#channel;
    this.#backoff.reset(); // DOC-204
    if (this.#state === 'offline' && channel === null) {
      this.#stopTimer();
      this.#connect(); // DOC-204
    } else if (this.#state === 'online' && channel !== null && !this.#isChecking) {
      this.#stopTimer();
      this.#isChecking = true;
      channel.hasReceived();
      this.#probe(channel);
      this.#stopTimer = this.#platform.after(CHECK_MS, () => {
        if (channel.hasReceived()) this.#keepAlive(channel);
        else channel.end('nothing heard'); // DOC-204
      });
    }
  }

  /** Sends this request, if there is one, and does not reconnect; resolves when the connection has ended, after 2 s at most. */
  close(logout: Logout | null): Promise<void> {
    const channel = this.#channel;
    const wasOnline = this.#state === 'online';
    if (this.#state === 'closed' || this.#state === 'closing') return this.#closed.promise;
    this.#stopTimer();
    this.#state = 'closing';
    if (channel === null) this.#finish(null);
    else if (wasOnline && logout !== null) {
      channel.request(logout, () => channel.end('closed'), this.#user.newId()); // DOC-202
      this.#stopTimer = this.#platform.after(CLOSE_MS, () => channel.end('closed')); // DOC-202
    } else channel.end('closed');
    return this.#closed.promise;
  }

  get #loginRequest(): Outgoing {
    const { name, secret } = this.credentials;
    return { type: 'request', cls: 'login', data: { username: name, ...secret } };
  }

  #connect(): void {
    let failure: DocumentsError | null = null;
    let lastWords: string | null = null;
    const fail = (error: DocumentsError) => {
      failure = error;
      channel.end(error.message);
    };
    const channel: Channel = new RequestChannel<Outgoing, Answer, Push>(
      new this.#platform.WebSocket(this.#url),
      codec,
      {
        open: () => (this.session === null ? this.#logIn(channel, fail) : this.#resume(channel, this.session, fail)),
        push: (push) => {
          if (push.type === 'error' && push.data.code % 10_000 === 0) lastWords = push.data.msg;
          this.#user.pushed(push, channel);
        },
        closed: (reason) => this.#disconnected(failure ?? new DocumentsError('offline', lastWords ?? reason)),
      },
    );
    this.#channel = channel;
    this.#stopTimer = this.#platform.after(LOGIN_MS, () => channel.end('no answer in 20 s')); // DOC-180
  }

  #resume(channel: Channel, session: Session, fail: (error: DocumentsError) => void): void {
    this.#ask(channel, reconnectRequest(session), (outcome) => {
      if (!(outcome instanceof DocumentsError)) return this.#online(channel, true);
      if (isPassing(outcome) || (outcome.status === 403 && isFinal(outcome))) return fail(outcome); // DOC-182
      this.#logIn(channel, fail); // DOC-182
    });
  }

  #logIn(channel: Channel, fail: (error: DocumentsError) => void): void {
    this.#ask(channel, this.#loginRequest, (outcome) => {
      if (outcome instanceof DocumentsError) return fail(outcome);
      if (outcome.cls !== 'login' || outcome.data.session.length > LONGEST_SESSION)
        return fail(new DocumentsError('unreadable', 'no answer to a login')); // DOC-200
      this.session = outcome.data;
      this.#online(channel, false);
    });
  }

  #ask(channel: Channel, request: Outgoing, done: (outcome: Success | DocumentsError) => void): void {
    channel.request(request, (answer) => answer !== null && done(outcomeOf(answer)), this.#user.newId());
  }

  #online(channel: Channel, isResumed: boolean): void {
    this.#stopTimer();
    this.#state = 'online';
    this.#onlineSince = this.#platform.monotonic();
    this.#keepAlive(channel);
    this.#user.connected(channel, isResumed);
    this.#opened.resolve();
  }

  #keepAlive(channel: Channel): void {
    this.#isChecking = false;
    this.#stopTimer = keepalive(this.#platform.after, SILENCE_MS, {
      hasReceived: () => channel.hasReceived(),
      probe: () => this.#probe(channel),
      end: () => channel.end('nothing heard'), // DOC-201
    });
  }

  #probe(channel: Channel): void {
    if (this.session === null) return;
    const { self } = this.session;
    channel.request({ type: 'request', cls: 'get_content', data: { key: self } }, () => {}, this.#user.newId()); // DOC-201
  }

  #disconnected(error: DocumentsError): void {
    this.#stopTimer();
    this.#channel = null;
    const { message, retryAfterMs } = error;
    if (this.#state === 'online') {
      this.#user.lost(message);
      if (this.#platform.monotonic() - this.#onlineSince >= LASTED_MS) this.#backoff.reset(); // DOC-181
    }
    if (this.#state === 'opening') this.#opened.reject(error);
    if (this.#state === 'opening' || this.#state === 'closing') return this.#finish(null);
    if (isFinal(error)) return this.#finish(error); // DOC-182
    if (message === TAKEN) return this.#finish(new DocumentsError('refused', message)); // DOC-205
    this.#state = 'offline';
    const delay = Math.max(this.#backoff.next(), retryAfterMs ?? 0); // DOC-181
    this.#stopTimer = this.#platform.after(delay, () => this.#connect());
  }

  #finish(error: DocumentsError | null): void {
    this.#stopTimer();
    this.#state = 'closed';
    this.#user.ended(error);
    this.#closed.resolve();
  }
}

function reconnectRequest({ session }: Session): Outgoing {
  return { type: 'request', cls: 'reconnect', data: { session } };
}
