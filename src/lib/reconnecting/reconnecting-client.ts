import { Backoff } from './backoff.ts';
import { EventQueue } from '../event-queue.ts';
import { keepalive } from './keepalive.ts';
import type { Platform } from '../platform.ts';
import { type ClientCodec, RequestChannel } from '../request-channel.ts';

const MAX_UNREAD = 1_024;
const LOGIN_MS = 20_000;
const CLOSE_MS = 2_000;
const SILENCE_MS = 30_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;

/** Why a request has no reply. `unknown-outcome`: it was sent, and the server may have carried it out or not. */
export type ConnectionFailure = 'offline' | 'unknown-outcome' | 'closed';

/** The part of a client that differs between protocols. */
export type ClientProtocol<Up, Reply, Push, Event, Failure extends Error> = {
  readonly codec: ClientCodec<Up, Reply, Push>;
  /** The request that logs in, on every connection. */
  login(): Up;
  /** Takes the reply to `login`; returns why it failed, or `null`. */
  loginFailure(reply: Reply): Failure | null;
  /** A request without effect, to see whether the server answers. */
  readonly probe: Up;
  /** The request that logs out, and whether the server then ends the connection. */
  readonly logout: Up;
  readonly serverEnds: boolean;
  /** The event of a push, or `null` if it is known already. */
  eventOf(push: Push): Event | null;
  readonly online: Event;
  offline(reason: string): Event;
  missed(count: number): Event;
  failure(why: ConnectionFailure, message: string): Failure;
  /** Why the client must not reconnect after this failure; `null` if it may. */
  permanentFailure(failure: Failure): Failure | null;
};

/**
 * A client that stays logged in: it reconnects after a random part of 250 ms, doubled at each failure up to 30 s. It probes
 * a connection after 30 s of silence and gives it up after 30 s more. Iterating over it gives the events.
 */
export class ReconnectingClient<Up, Reply, Push, Event, Failure extends Error> implements AsyncIterable<Event> {
  readonly #url: string;
  readonly #platform: Platform;
  readonly #protocol: ClientProtocol<Up, Reply, Push, Event, Failure>;
  readonly #events: EventQueue<Event>;
  readonly #backoff: Backoff;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #state: 'opening' | 'online' | 'offline' | 'closing' | 'closed' = 'opening';
  #channel: RequestChannel<Up, Reply, Push> | null = null;
  /** Stops the one timer of the current state: for login, keepalive, retry or close. */
  #stopTimer: () => void = () => {};
  #onlineSince = 0;

  constructor(url: string, platform: Platform, protocol: ClientProtocol<Up, Reply, Push, Event, Failure>) {
    this.#url = url;
    this.#platform = platform;
    this.#protocol = protocol;
    this.#events = new EventQueue(MAX_UNREAD, (count) => protocol.missed(count));
    this.#backoff = new Backoff(FIRST_RETRY_MS, LAST_RETRY_MS, platform.random);
  }

  /** Connects and logs in; call it once. Rejects if the first try fails, within 20 s, or if `login` cannot be encoded. */
  async open(): Promise<void> {
    this.#protocol.codec.encode(this.#protocol.login(), null);
    this.#connect();
    return this.#opened.promise;
  }

  /**
   * Sends a request and resolves with what `take` returns, called as soon as the reply comes. Rejects with a failure
   * `offline` or `closed` if it was not sent, `unknown-outcome` if the connection ended before the reply.
   */
  request<T>(message: Up, take: (reply: Reply) => T): Promise<T> {
    const protocol = this.#protocol;
    return new Promise((resolve, reject) => {
      if (this.#state === 'closing' || this.#state === 'closed')
        throw protocol.failure('closed', 'this client was closed');
      if (this.#state !== 'online' || this.#channel === null) throw protocol.failure('offline', 'not connected');
      this.#channel.request(message, (reply) => {
        if (reply === null) reject(protocol.failure('unknown-outcome', 'connection lost, outcome unknown'));
        else resolve(take(reply));
      });
    });
  }

  /** Ends a connection that is of no use any more, so that the client logs in again; does nothing while it is offline. */
  reconnect(reason: string): void {
    if (this.#state === 'online') this.#channel?.end(reason);
  }

  /** Logs out and does not reconnect; resolves when the connection has ended, after 2 s at most. */
  close(): Promise<void> {
    const channel = this.#channel;
    if (this.#state === 'online' && channel !== null) {
      this.#stopTimer();
      this.#state = 'closing';
      const { logout, serverEnds } = this.#protocol;
      // The server ends after its last words; a client that ends first does not prove that it got them.
      channel.request(logout, () => serverEnds || channel.end('closed'));
      this.#stopTimer = this.#platform.after(CLOSE_MS, () => channel.end('closed'));
    } else if (this.#state === 'offline') {
      this.#state = 'closing';
      if (channel === null) this.#finish(null);
      else channel.end('closed');
    }
    return this.#closed.promise;
  }

  /** The events, each for one reader. Ends after `close`; throws a failure after which the client does not reconnect. */
  [Symbol.asyncIterator](): AsyncIterator<Event, undefined> {
    return this.#events[Symbol.asyncIterator]();
  }

  #connect(): void {
    const protocol = this.#protocol;
    let refused: Failure | null = null;
    const channel = new RequestChannel(new this.#platform.WebSocket(this.#url), protocol.codec, {
      open: () =>
        channel.request(protocol.login(), (reply) => {
          if (reply === null) return;
          refused = protocol.loginFailure(reply);
          if (refused === null) this.#online(channel);
          else channel.end(refused.message);
        }),
      push: (push) => {
        const event = protocol.eventOf(push);
        if (event !== null) this.#events.push(event);
      },
      closed: (reason) => this.#disconnected(refused ?? protocol.failure('offline', reason)),
    });
    this.#channel = channel;
    this.#stopTimer = this.#platform.after(LOGIN_MS, () => channel.end('no answer in 20 s'));
  }

  #online(channel: RequestChannel<Up, Reply, Push>): void {
    const { online, probe } = this.#protocol;
    this.#stopTimer();
    if (this.#state === 'offline') this.#events.push(online);
    this.#state = 'online';
    this.#onlineSince = this.#platform.monotonic();
    this.#stopTimer = keepalive(this.#platform.after, SILENCE_MS, {
      hasReceived: () => channel.hasReceived(),
      probe: () => channel.request(probe, () => {}),
      end: () => channel.end('nothing heard'),
    });
    this.#opened.resolve();
  }

  #disconnected(failure: Failure): void {
    this.#stopTimer();
    this.#channel = null;
    if (this.#state === 'opening') this.#opened.reject(failure);
    if (this.#state === 'opening' || this.#state === 'closing') return this.#finish(null);
    const permanent = this.#protocol.permanentFailure(failure);
    if (permanent !== null) return this.#finish(permanent);
    if (this.#state === 'online') {
      this.#events.push(this.#protocol.offline(failure.message));
      if (this.#platform.monotonic() - this.#onlineSince >= SILENCE_MS) this.#backoff.reset();
    }
    this.#state = 'offline';
    this.#stopTimer = this.#platform.after(this.#backoff.next(), () => this.#connect());
  }

  #finish(failure: Failure | null): void {
    this.#stopTimer();
    this.#state = 'closed';
    this.#events.end(failure);
    this.#closed.resolve();
  }
}
