import type { Entry, EntryBody } from '../model/entries.ts';
import type { StreamId } from '../model/ids.ts';
import type { Log, Storage } from '../ports.ts';
import type { CommandProcessor } from './command-processor.ts';
import type { StreamCache } from './stream-cache.ts';

/** The most entries of a read. */
const READ_LIMIT = 1000;
/** The most reads at a time: storage has other things to read, too. */
const MOST_READS = 64;
/** The most entries of a stream, and the most callers, that wait. */
const MOST_WAITING = 256;

/** A stream of which another node committed more than is applied here. */
type StreamBehind = {
  /** The last position that is known. */
  position: number;
  /** Entries that have arrived, by position. */
  readonly entries: Map<number, Entry>;
  readonly callers: { readonly position: number; readonly done: (isReached: boolean) => void }[];
  read: 'none' | 'running' | 'failed';
};

/**
 * Brings what other nodes commit into committed state. Entries that are the next of their stream are applied as soon as they
 * arrive; what is missing is read from storage, and no batch waits for that. Streams that a batch on its way rests on wait for it.
 */
export class RemoteEntries {
  readonly #storage: Pick<Storage, 'entries'>;
  readonly #log: Log;
  readonly #cache: StreamCache;
  readonly #processor: CommandProcessor;
  readonly #behind = new Map<StreamId, StreamBehind>();
  #reads = 0;

  constructor(ports: { storage: Storage; log: Log }, cache: StreamCache, processor: CommandProcessor) {
    this.#storage = ports.storage;
    this.#log = ports.log;
    this.#cache = cache;
    this.#processor = processor;
  }

  /** Entries arrived that follow on each other from the position `first`. */
  hear(stream: StreamId, first: number, bodies: readonly EntryBody[]): void {
    const last = first + bodies.length - 1;
    const behind = this.#observe(stream, last);
    if (behind === null) return;
    for (const [index, body] of bodies.entries()) {
      if (behind.entries.size >= MOST_WAITING) break;
      behind.entries.set(first + index, { stream, position: first + index, body });
    }
    this.#advance(stream, behind);
  }

  /** The stream has reached this position. */
  observePosition(stream: StreamId, position: number): void {
    const behind = this.#observe(stream, position);
    if (behind !== null) this.#advance(stream, behind);
  }

  /**
   * Calls `done` with true when the stream is at this position or after it, which may be now; with false if it is not in
   * memory, or cannot be brought there.
   */
  whenReached(stream: StreamId, position: number, done: (isReached: boolean) => void): void {
    if (!this.#cache.has([stream])) return done(false);
    const behind = this.#observe(stream, position);
    if (behind === null) return done(true);
    if (behind.callers.length >= MOST_WAITING) return done(false);
    behind.callers.push({ position, done });
    this.#advance(stream, behind);
  }

  untilReached(stream: StreamId, position: number): Promise<boolean> {
    return new Promise((resolve) => this.whenReached(stream, position, resolve));
  }

  /** Goes on with streams that waited for the batch which is answered now. */
  batchEnded(): void {
    for (const [stream, behind] of this.#behind) this.#advance(stream, behind);
  }

  /** Goes on with a stream that is in memory now. */
  loaded(stream: StreamId): void {
    const behind = this.#behind.get(stream);
    if (behind !== undefined) this.#advance(stream, behind);
  }

  /** Forgets a stream that has left memory. */
  dropped(stream: StreamId): void {
    const behind = this.#behind.get(stream);
    if (behind !== undefined) this.#giveUp(stream, behind);
  }

  /** Reads again where reading failed. */
  readAgain(): void {
    for (const [stream, behind] of this.#behind) {
      if (behind.read === 'failed') behind.read = 'none'; // WORLD-274
      this.#advance(stream, behind);
    }
  }

  /** Notes the position of a stream; null if it is reached already, or nobody needs the stream. */
  #observe(stream: StreamId, position: number): StreamBehind | null {
    if (!this.#cache.isPinned(stream) || position <= this.#cache.committed.position(stream)) return null; // WORLD-21
    const behind = this.#behind.get(stream) ?? { position: 0, entries: new Map(), callers: [], read: 'none' };
    behind.position = Math.max(position, behind.position);
    this.#behind.set(stream, behind);
    return behind;
  }

  /** Applies the entries that are the next ones, and reads those that are missing. */
  #advance(stream: StreamId, behind: StreamBehind): void {
    if (!this.#cache.has([stream]) || this.#processor.isInFlight(stream)) return; // WORLD-270 WORLD-272
    const next = this.#takeNext(stream, behind);
    if (next.length > 0) this.#processor.receive(stream, next); // WORLD-271
    if (this.#behind.get(stream) !== behind) return;
    const position = this.#cache.committed.position(stream);
    this.#answer(behind, position);
    if (position >= behind.position) this.#behind.delete(stream);
    else if (behind.read === 'none' && this.#reads < MOST_READS) void this.#read(stream, behind, position);
  }

  /** Takes the entries that follow on the committed ones, and drops those before. */
  #takeNext(stream: StreamId, { entries }: StreamBehind): Entry[] {
    const next: Entry[] = [];
    const after = this.#cache.committed.position(stream);
    for (let entry = entries.get(after + 1); entry !== undefined; entry = entries.get(after + next.length + 1))
      next.push(entry);
    for (const position of entries.keys()) if (position <= after + next.length) entries.delete(position);
    return next;
  }

  /** One read of a stream at a time; it goes on until the stream has caught up, or storage has no more. */
  async #read(stream: StreamId, behind: StreamBehind, after: number): Promise<void> {
    this.#reads += 1;
    behind.read = 'running'; // WORLD-273
    const known = behind.position;
    const entries = await this.#storage.entries(stream, after, READ_LIMIT).catch(() => null);
    this.#reads -= 1;
    if (this.#behind.get(stream) === behind) this.#gotRead(stream, behind, entries, known);
    if (entries === null) return this.#failWaiting();
    for (const [other, waiting] of this.#behind) {
      if (this.#reads >= MOST_READS) return;
      if (waiting.read === 'none') this.#advance(other, waiting);
    }
  }

  /** Storage cannot be read: what waits for its turn waits for the next poll, and nobody waits for it. */
  #failWaiting(): void {
    for (const [stream, behind] of this.#behind) {
      if (behind.read !== 'none' || this.#processor.isInFlight(stream)) continue;
      behind.read = 'failed'; // WORLD-274
      this.#answer(behind, null);
    }
  }

  /** `known` is the position that was known when the read began: if storage has nothing after it, that position is wrong. */
  #gotRead(stream: StreamId, behind: StreamBehind, entries: readonly Entry[] | null, known: number): void {
    behind.read = entries === null ? 'failed' : 'none';
    if (entries === null) {
      this.#log.warn('storage-unavailable');
      return this.#answer(behind, null);
    }
    if (entries.length === 0 && behind.position === known) return this.#giveUp(stream, behind);
    for (const entry of entries) behind.entries.set(entry.position, entry);
    this.#advance(stream, behind);
  }

  #giveUp(stream: StreamId, behind: StreamBehind): void {
    this.#behind.delete(stream);
    this.#answer(behind, null);
  }

  /** Answers the callers that wait for this position or one before, all others stay; at `null` nobody stays. */
  #answer({ callers }: StreamBehind, reached: number | null): void {
    if (callers.length === 0) return;
    const waiting = callers.splice(0);
    for (const caller of waiting)
      if (reached !== null && caller.position > reached) callers.push(caller);
      else caller.done(reached !== null);
  }
}
