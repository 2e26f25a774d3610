import type { Clock, Found, Log, Search } from '../../../core/ports.ts';
import { reasonOf } from '../../../lib/reason.ts';
import type { Channel } from '../channel.ts';
import type { SearchMethods } from './worker.ts';

/** The part of a channel that is used. */
export type SearchWorker = Pick<Channel<SearchMethods>, 'ask' | 'close' | 'hasEnded'>;

/** What was appended is indexed after this time, with what comes meanwhile. */
const GATHER_MS = 200;
/** The pause between two steps, so that other work gets its share of the machine. */
const PAUSE_MS = 5;
const RETRY_MS = 10_000;
/** More searches do not wait. */
export const MOST_WAITING = 32;

/** The worker that searches, as the store uses it. What fails there keeps nothing else from working. */
export class SearchClient {
  readonly #start: () => SearchWorker;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #log: Log;
  /** Null until it is needed. */
  #worker: SearchWorker | null = null;
  #cancel: () => void = () => {};
  /** Whether a step is planned or under way. */
  #isBusy = false;
  /** Whether something was appended since the last step began. */
  #isStale = false;
  #waiting = 0;
  #isClosed = false;

  constructor(start: () => SearchWorker, clock: Pick<Clock, 'after'>, log: Log) {
    this.#start = start;
    this.#clock = clock;
    this.#log = log;
    this.appended();
  }

  /** There is something to index. Never throws, and waits for nothing. */
  appended(): void {
    this.#isStale = true;
    if (!this.#isBusy) this.#plan(GATHER_MS); // STORE-130
  }

  /** Null while too many searches wait, or much is not indexed yet. */
  async search(search: Search): Promise<Found | null> {
    if (this.#waiting >= MOST_WAITING) return null; // STORE-136
    this.#waiting++;
    try {
      return await this.#running().ask('search', search);
    } finally {
      this.#waiting--;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.#worker?.ask('close').catch(() => {}); // A dead worker has nothing to close.
    await this.#worker?.close();
  }

  #running(): SearchWorker {
    return (this.#worker ??= this.#start());
  }

  #plan(ms: number): void {
    if (this.#isClosed) return;
    this.#isBusy = true;
    this.#cancel = this.#clock.after(ms, () => void this.#step());
  }

  async #step(): Promise<void> {
    this.#isStale = false;
    const worker = this.#running();
    try {
      const isMore = await worker.ask('step');
      this.#isBusy = false;
      if (isMore) this.#plan(PAUSE_MS);
      else if (this.#isStale) this.#plan(GATHER_MS);
    } catch (error) {
      if (this.#isClosed) return;
      this.#log.warn('search-index-failed', { reason: reasonOf(error) }); // STORE-138
      if (!worker.hasEnded) this.#plan(RETRY_MS); // STORE-138
    }
  }
}
