import { Backoff } from './backoff.ts';
import { RequestChannel, type ClientCodec } from './request-channel.ts';
import { EventQueue } from './event-queue.ts';
import type { Platform } from './platform.ts';
import { keepalive } from './keepalive.ts';

const UNREAD = 1_024;
const ENTER_MS = 20_000;
const CLOSE_MS = 2_000;
const WATCH_MS = 30_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;

/** Why something was not done. `unknown-outcome`: it was sent, and nobody knows whether it was done. */
export type ConnectionFailure = 'offline' | 'unknown-outcome' | 'closed';

/** What one wire says and understands; all else is the same for every wire. */
export type ClientProtocol<Up, Reply, Push, Event, Failure extends Error> = {
  readonly codec: ClientCodec<Up, Reply, Push>;
  /** What one comes in by, each time. */
  login(): Up;
  /** Takes the answer to it: `null` if one is in, else why not. */
  loginFailure(reply: Reply): Failure | null;
  /** What is asked only to hear something. */
  readonly probe: Up;
  /** Whoever is answered, or sees the connection end, has left. */
  readonly logout: Up;
  /** What is read of what the server says unasked; `null` if it is nothing new. */
  eventOf(push: Push): Event | null;
  readonly online: Event;
  offline(reason: string): Event;
  missed(count: number): Event;
  failure(why: ConnectionFailure, message: string): Failure;
  /** Why there is no coming back after this was the end of a connection; `null` if there is. */
  permanentFailure(failure: Failure): Failure | null;
};

/**
 * A client's presence on a server: one that is lost is tried again after a random part of 250 ms, doubled up to 30 s.
 * A connection on which nothing is heard for 30 s is asked, and given up after 30 s more. Reading it gives what happens.
 */
export class ReconnectingClient<Up, Reply, Push, Event, Failure extends Error> implements AsyncIterable<Event> {
  readonly #url: string;
  readonly #platform: Platform;
  readonly #protocol: ClientProtocol<Up, Reply, Push, Event, Failure>;
  readonly #events: EventQueue<Event>;
  readonly #backoff: Backoff;
  readonly #entered = Promise.withResolvers<void>();
  readonly #finished = Promise.withResolvers<void>();
  #state: 'first' | 'online' | 'offline' | 'closing' | 'closed' = 'first';
  #channel: RequestChannel<Up, Reply, Push> | null = null;
  /** Stops the one timer that runs in each state: for entering, watching, trying again, or closing. */
  #stop: () => void = () => {};
  #since = 0;

  constructor(url: string, platform: Platform, wording: ClientProtocol<Up, Reply, Push, Event, Failure>) {
    this.#url = url;
    this.#platform = platform;
    this.#protocol = wording;
    this.#events = new EventQueue(UNREAD, (count) => wording.missed(count));
    this.#backoff = new Backoff(FIRST_RETRY_MS, LAST_RETRY_MS, platform.random);
  }

  /** Comes in, to be called once. Rejects if the first try fails, within 20 s, and if the hello cannot be written. */
  async open(): Promise<void> {
    this.#protocol.codec.encode(this.#protocol.login(), null);
    this.#connect();
    return this.#entered.promise;
  }

  /**
   * Sends a request and resolves with what `take` makes of its answer the moment it comes. Rejects with a failure `offline`
   * or `closed` if it was not sent, `unknown-outcome` if the connection was lost before the answer.
   */
  request<T>(request: Up, take: (reply: Reply) => T): Promise<T> {
    const wording = this.#protocol;
    return new Promise((resolve, reject) => {
      if (this.#state === 'closing' || this.#state === 'closed')
        throw wording.failure('closed', 'this client was closed');
      if (this.#state !== 'online' || this.#channel === null) throw wording.failure('offline', 'not connected');
      this.#channel.request(request, (reply) => {
        if (reply === null) reject(wording.failure('unknown-outcome', 'connection lost, outcome unknown'));
        else resolve(take(reply));
      });
    });
  }

  /** Ends this connection, on which nothing can be done any more, so that one comes in anew; does nothing where there is none. */
  reconnect(reason: string): void {
    if (this.#state === 'online') this.#channel?.end(reason);
  }

  /** Says goodbye and leaves for good; resolves when the connection has ended, after 2 s at most. */
  close(): Promise<void> {
    const exchange = this.#channel;
    if (this.#state === 'online' && exchange !== null) {
      this.#stop();
      this.#state = 'closing';
      exchange.request(this.#protocol.logout, () => exchange.end('closed'));
      this.#stop = this.#platform.after(CLOSE_MS, () => exchange.end('closed'));
    } else if (this.#state === 'offline') {
      this.#state = 'closing';
      if (exchange === null) this.#finish(null);
      else exchange.end('closed');
    }
    return this.#finished.promise;
  }

  /** What happens, each event for one reader. Ends after `close`; throws the failure after which there is no coming back. */
  [Symbol.asyncIterator](): AsyncIterator<Event, undefined> {
    return this.#events[Symbol.asyncIterator]();
  }

  #connect(): void {
    const wording = this.#protocol;
    let refused: Failure | null = null;
    const exchange = new RequestChannel(new this.#platform.WebSocket(this.#url), wording.codec, {
      open: () =>
        exchange.request(wording.login(), (reply) => {
          if (reply === null) return;
          refused = wording.loginFailure(reply);
          if (refused === null) this.#online(exchange);
          else exchange.end(refused.message);
        }),
      push: (push) => {
        const event = wording.eventOf(push);
        if (event !== null) this.#events.push(event);
      },
      closed: (reason) => this.#lost(refused ?? wording.failure('offline', reason)),
    });
    this.#channel = exchange;
    this.#stop = this.#platform.after(ENTER_MS, () => exchange.end('no answer in 20 s'));
  }

  #online(exchange: RequestChannel<Up, Reply, Push>): void {
    const { online, probe } = this.#protocol;
    this.#stop();
    if (this.#state === 'offline') this.#events.push(online);
    this.#state = 'online';
    this.#since = this.#platform.now();
    this.#stop = keepalive(this.#platform.after, WATCH_MS, {
      hasReceived: () => exchange.hasReceived(),
      probe: () => exchange.request(probe, () => {}),
      end: () => exchange.end('nothing heard'),
    });
    this.#entered.resolve();
  }

  #lost(failure: Failure): void {
    this.#stop();
    this.#channel = null;
    if (this.#state === 'first') this.#entered.reject(failure);
    if (this.#state === 'first' || this.#state === 'closing') return this.#finish(null);
    const end = this.#protocol.permanentFailure(failure);
    if (end !== null) return this.#finish(end);
    if (this.#state === 'online') {
      this.#events.push(this.#protocol.offline(failure.message));
      if (this.#platform.now() - this.#since >= WATCH_MS) this.#backoff.reset();
    }
    this.#state = 'offline';
    this.#stop = this.#platform.after(this.#backoff.next(), () => this.#connect());
  }

  #finish(failure: Failure | null): void {
    this.#stop();
    this.#state = 'closed';
    this.#events.end(failure);
    this.#finished.resolve();
  }
}
