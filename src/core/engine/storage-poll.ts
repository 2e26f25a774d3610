import type { Storage, StreamPosition } from '../ports.ts';
import type { RemoteEntries } from './remote-entries.ts';
import type { StreamCache } from './stream-cache.ts';

/** Asks storage what other nodes wrote, and so finds what the bus lost. */
export class StoragePoll {
  readonly #storage: Pick<Storage, 'changes' | 'positions'>;
  readonly #cache: StreamCache;
  readonly #remote: RemoteEntries;
  /** Settles when the poll that runs is answered. */
  #running: Promise<unknown> = Promise.resolve();
  /** The poll that begins after that one. */
  #next: Promise<readonly StreamPosition[]> | null = null;

  constructor(storage: Pick<Storage, 'changes' | 'positions'>, cache: StreamCache, remote: RemoteEntries) {
    this.#storage = storage;
    this.#cache = cache;
    this.#remote = remote;
  }

  /**
   * Asks storage, and loads the streams again that a failed batch dropped. Resolves when what was written before this call is
   * read; rejects when storage is unavailable.
   */
  async pollPositions(): Promise<void> {
    this.#next ??= this.#begin(); // WORLD-274
    const found = await this.#next;
    await Promise.all(found.map(([stream, position]) => this.#remote.untilReached(stream, position)));
    const { committed } = this.#cache;
    if (found.some(([stream, position]) => this.#cache.has([stream]) && committed.position(stream) < position))
      throw new Error('what other nodes wrote could not be read'); // WORLD-274
  }

  /** One poll runs at a time. Whoever asks meanwhile shares the next one, since the running one may have missed something. */
  async #begin(): Promise<readonly StreamPosition[]> {
    await this.#running;
    this.#next = null;
    const asked = this.#ask();
    this.#running = asked.catch(() => {}); // Who asked for it is told.
    return asked;
  }

  async #ask(): Promise<readonly StreamPosition[]> {
    const { committed, optimistic } = this.#cache;
    await this.#cache.load(committed.streams.filter((stream) => !optimistic.has(stream)));
    this.#remote.readAgain(); // WORLD-274
    const changes = (await this.#storage.changes()) ?? (await this.#positions());
    const found = changes.filter(
      ([stream, position]) => this.#cache.isPinned(stream) && position > committed.position(stream), // WORLD-274
    );
    for (const [stream, position] of found) this.#remote.observePosition(stream, position); // WORLD-21
    return found;
  }

  async #positions(): Promise<readonly StreamPosition[]> {
    const streams = this.#cache.pinned; // Also those that are being loaded: they may be read too early.
    const positions = await this.#storage.positions(streams);
    return streams.map((stream, index) => [stream, positions[index] ?? 0]);
  }
}
