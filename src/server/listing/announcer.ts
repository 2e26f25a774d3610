import type { Clock, Log } from '../../core/ports.ts';
import { Backoff } from '../../lib/reconnecting/backoff.ts';
import { reasonOf } from '../../lib/reason.ts';
import { type ListingClient, ListingError, type Properties } from '../../listing/client.ts';
import { completesWithin } from '../completes-within.ts';
import type { KeyFile } from './key-file.ts';

/** How often the number of people is looked at. */
const LOOK_MS = 1_000;
/** Two changes of the entry are at least so far apart. */
const SPACING_MS = 5_000;
/** An entry that does not change is renewed so often: only the answer tells that it is gone. */
const RENEWAL_MS = 5 * 60 * 1_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 5 * 60 * 1_000;
/** The directory may ask to wait, but not to be forgotten. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1_000;
const LEAVE_MS = 2_000;
const REFUSED = 400;
const UNAUTHORIZED = 401;

export type AnnouncerOptions = {
  /** The directory, for the log. */
  readonly url: string;
  /** The id with which the server answers pings. */
  readonly id: number;
  /** What the entry says as long as the server runs. */
  readonly properties: Partial<Omit<Properties, 'connectedUsers'>>;
  /** How many people are here now. */
  readonly connectedUsers: () => number;
  readonly client: Pick<ListingClient, 'register' | 'update' | 'remove'>;
  readonly keys: Pick<KeyFile, 'load' | 'save' | 'remove'>;
  readonly newKey: () => string;
  readonly clock: Clock;
  /** Returns numbers from 0 up to, not including, 1. */
  readonly random: () => number;
  readonly log: Log;
};

/** Keeps the server listed in a directory of servers. Nothing that goes wrong there reaches the server. */
export class ListingAnnouncer {
  readonly #options: AnnouncerOptions;
  readonly #backoff: Backoff;
  /** Gives up changes that a stop makes needless. */
  readonly #updates = new AbortController();
  /** Gives up everything. */
  readonly #requests = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #key = '';
  /** Whether the directory may have an entry of the server: also if the answer to a registration was lost. */
  #mayBeListed = false;
  /** What the entry says, and since when; null while the server is not listed. */
  #told: { readonly connectedUsers: number; readonly at: number } | null = null;
  #isFailing = false;
  #isStopping = false;
  #wake: () => void = () => {};

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#backoff = new Backoff(FIRST_RETRY_MS, LAST_RETRY_MS, options.random); // SERVER-213
  }

  /** Begins; to be called once, when the server can be reached. */
  start(): void {
    this.#running = this.#run();
  }

  /** Removes the entry; resolves after at most 2 s, and never rejects. */
  async stop(): Promise<void> {
    const { clock, log } = this.#options;
    this.#isStopping = true;
    this.#updates.abort(); // SERVER-215
    this.#wake();
    const isDone = await completesWithin(LEAVE_MS, clock, this.#leave()); // SERVER-215
    if (!isDone) log.warn('listing-not-left', { reason: 'no answer in time' }); // SERVER-214
    this.#requests.abort(); // SERVER-215
  }

  async #run(): Promise<void> {
    const kept = await this.#options.keys.load(); // SERVER-216
    this.#mayBeListed = kept !== null;
    this.#key = kept ?? this.#options.newKey();
    // Before it is used: a key that is lost with the answer to a registration would lock the server out.
    if (kept === null) await this.#keep(this.#key); // SERVER-216
    while (!this.#isStopping) await this.#pause(await this.#step());
  }

  /** Waits, or until the server stops. */
  async #pause(ms: number): Promise<void> {
    if (this.#isStopping) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const cancel = this.#options.clock.after(ms, resolve);
    await promise;
    cancel();
  }

  /** Does what is due; returns the ms until the next look. */
  async #step(): Promise<number> {
    try {
      if (this.#told === null) await this.#register();
      else if (this.#isDue(this.#told)) await this.#update(this.#key);
      return LOOK_MS;
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #register(): Promise<void> {
    const { id, properties, client } = this.#options;
    const connectedUsers = this.#options.connectedUsers();
    const mightBeListed = this.#mayBeListed;
    this.#mayBeListed = true;
    // A registration that was begun is not given up at once: its answer may have another key.
    const registering = client.register(id, { ...properties, connectedUsers }, this.#key, this.#requests.signal); // SERVER-210
    const key = await registering.catch((error: unknown) => {
      if (error instanceof ListingError && error.status >= REFUSED) this.#mayBeListed = mightBeListed;
      throw error;
    });
    this.#succeeded(connectedUsers);
    if (key !== this.#key) await this.#keep(key); // SERVER-216
    this.#key = key;
    this.#logListed(); // SERVER-214
  }

  async #keep(key: string): Promise<void> {
    const { keys, log } = this.#options;
    await keys.save(key).catch((error: unknown) => log.warn('listing-key-not-kept', { reason: reasonOf(error) })); // SERVER-216
  }

  #isDue({ connectedUsers, at }: { readonly connectedUsers: number; readonly at: number }): boolean {
    const age = this.#options.clock.monotonic() - at;
    return age >= RENEWAL_MS || (age >= SPACING_MS && connectedUsers !== this.#options.connectedUsers()); // SERVER-211
  }

  async #update(key: string): Promise<void> {
    const { id, client } = this.#options;
    const connectedUsers = this.#options.connectedUsers();
    await client.update(id, key, { connectedUsers }, this.#updates.signal); // SERVER-211
    if (this.#isFailing) this.#logListed(); // SERVER-214
    this.#succeeded(connectedUsers);
  }

  #succeeded(connectedUsers: number): void {
    this.#told = { connectedUsers, at: this.#options.clock.monotonic() };
    this.#isFailing = false;
    this.#backoff.reset();
  }

  #logListed(): void {
    const { url, properties, log } = this.#options;
    log.info('listed', { url, address: properties.address ?? null }); // SERVER-214
  }

  /** Returns the ms to wait after a failure. */
  #failed(error: unknown): number {
    const { status, retryAfterMs } = error instanceof ListingError ? error : { status: 0, retryAfterMs: null };
    if (this.#told !== null && status === UNAUTHORIZED) {
      this.#told = null; // SERVER-212
      return 0;
    }
    if (!this.#isFailing && !this.#isStopping) {
      this.#options.log.warn('listing-failed', { url: this.#options.url, reason: reasonOf(error) }); // SERVER-214
    }
    this.#isFailing = true;
    return Math.max(this.#backoff.next(), Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)); // SERVER-213
  }

  async #leave(): Promise<void> {
    const { id, client, keys, log } = this.#options;
    await this.#running;
    if (!this.#mayBeListed) return keys.remove().catch(() => {}); // SERVER-217
    try {
      await client.remove(id, this.#key, this.#requests.signal); // SERVER-215
      await keys.remove(); // SERVER-217
    } catch (error) {
      if (!this.#requests.signal.aborted) log.warn('listing-not-left', { reason: reasonOf(error) }); // SERVER-214
    }
  }
}
