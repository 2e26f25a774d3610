import { type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import type { Storage } from '../ports.ts';
import { loadState, States } from '../state/states.ts';

/** Is told which streams come into memory and leave it. */
export interface CacheListener {
  /** A stream is about to be read from storage. */
  loading(stream: StreamId): void;
  loaded(stream: StreamId, position: number): void;
  /** Nothing pins the stream any more. */
  dropped(stream: StreamId): void;
}

/** The streams in memory. A stream stays in memory while it is pinned, and is loaded again when needed later (WORLD-64). */
export class StreamCache {
  /** Committed state: everything that people see comes from it. */
  readonly committed = new States();
  /** Optimistic state: the same with what is decided but not committed. */
  readonly optimistic = new States();
  readonly #storage: Storage;
  readonly #listener: CacheListener;
  readonly #pins = new Map<StreamId, number>();
  readonly #loading = new Map<StreamId, Promise<void>>();

  constructor(storage: Storage, listener: CacheListener) {
    this.#storage = storage;
    this.#listener = listener;
  }

  /** Keeps a stream in memory, once it is loaded, until `unpin` is called as often. */
  pin(stream: StreamId): void {
    this.#pins.set(stream, (this.#pins.get(stream) ?? 0) + 1);
  }

  /** Takes back one `pin`. A stream without pins leaves memory. */
  unpin(stream: StreamId): void {
    const left = (this.#pins.get(stream) ?? 0) - 1;
    if (left > 0) {
      this.#pins.set(stream, left);
      return;
    }
    this.#pins.delete(stream); // WORLD-64
    this.#loading.delete(stream); // WORLD-270
    this.committed.drop(stream);
    this.optimistic.drop(stream);
    this.#listener.dropped(stream);
  }

  /** The streams that anything needs, also those that are not in memory yet. */
  get pinned(): StreamId[] {
    return [...this.#pins.keys()];
  }

  /** Whether anything needs the stream, be it in memory or not. */
  isPinned(stream: StreamId): boolean {
    return this.#pins.has(stream);
  }

  /** Loads streams and keeps them until `use` has settled; rejects as `use` does, and when storage is unavailable. */
  async use<T>(streams: readonly StreamId[], use: () => T | Promise<T>): Promise<T> {
    for (const stream of streams) this.pin(stream);
    try {
      if (!this.has(streams)) await this.load(streams);
      return await use();
    } finally {
      for (const stream of streams) this.unpin(stream); // WORLD-64
    }
  }

  /** Whether commands about these streams can be decided now. */
  has(streams: readonly StreamId[]): boolean {
    return streams.every((stream) => this.optimistic.has(stream));
  }

  /** Loads pinned streams that are not in memory; rejects when storage is unavailable. */
  async load(streams: readonly StreamId[]): Promise<void> {
    await Promise.all(streams.map((stream) => this.#load(stream)));
  }

  /** Up to this position the room may have dropped changes of messages from memory, also changes not committed yet. */
  evictedThrough(room: RoomId): number {
    return this.optimistic.has(roomStream(room)) ? this.optimistic.room(room).evictedThrough : 0;
  }

  #load(stream: StreamId): Promise<void> {
    if (this.optimistic.has(stream)) return Promise.resolve();
    const running = this.#loading.get(stream);
    if (running !== undefined) return running;
    this.#listener.loading(stream);
    const loading: Promise<void> = loadState(this.#storage, stream)
      .then((state) => {
        if (this.#loading.get(stream) !== loading) return; // WORLD-64 WORLD-270
        this.committed.put(stream, state);
        this.optimistic.copy(this.committed, [stream]);
        this.#listener.loaded(stream, state.value.position);
      })
      .finally(() => {
        if (this.#loading.get(stream) === loading) this.#loading.delete(stream);
      });
    this.#loading.set(stream, loading);
    return loading;
  }
}
