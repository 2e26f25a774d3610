import type { RoomId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { WorldReader } from '../../core/reader.ts';
import { Holds } from './holds.ts';
import type { RoomsTable } from './rooms-table.ts';

type Room = { readonly ready: Promise<void>; isLoaded: boolean };

/** The rooms that views use: in memory, with their last messages, while they are used and 30 minutes longer. */
export class HeldRooms {
  readonly #reader: WorldReader;
  readonly #table: RoomsTable;
  readonly #rooms = new Map<RoomId, Room>();
  readonly #holds: Holds<RoomId>;

  constructor(reader: WorldReader, table: RoomsTable, clock: Clock, inUse: () => Iterable<RoomId>) {
    this.#reader = reader;
    this.#table = table;
    this.#holds = new Holds(clock, inUse, (room) => this.#release(room));
  }

  /** Loads rooms. Null if all are loaded; rejects when storage is unavailable. After it call `use`, or `leave`. */
  load(rooms: readonly RoomId[]): Promise<void> | null {
    const missing = rooms.filter((room) => this.#rooms.get(room)?.isLoaded !== true);
    if (missing.length === 0) return null;
    return Promise.all(missing.map((room) => this.#load(room))).then(() => {});
  }

  /** The rooms are used: they stay. */
  use(rooms: readonly RoomId[]): void {
    for (const room of rooms) if (this.#rooms.has(room)) this.#holds.use(room); // VIEW-42
  }

  /** The rooms leave memory, except those that are used: who may not see a room does not keep it there. */
  leave(rooms: readonly RoomId[]): void {
    for (const room of rooms)
      if (!this.#holds.has(room) && this.#rooms.get(room)?.isLoaded === true) this.#release(room); // VIEW-43
  }

  /** The room may hold changes that no event announced. Returns whether it was held, so that versions of it may be known. */
  reload(room: RoomId): boolean {
    const isHeld = this.#rooms.get(room)?.isLoaded === true;
    if (isHeld) void this.#begin(room, Promise.resolve()); // VIEW-44
    return isHeld;
  }

  close(): void {
    this.#holds.close();
  }

  #load(room: RoomId): Promise<void> {
    return this.#rooms.get(room)?.ready ?? this.#begin(room, this.#reader.holdRoom(room));
  }

  #begin(room: RoomId, pinned: Promise<void>): Promise<void> {
    const failed = (error: unknown) => {
      if (this.#rooms.get(room) === held) this.#rooms.delete(room);
      throw error;
    };
    const readFailed = (error: unknown) => {
      if (this.#rooms.get(room) === held) this.#release(room);
      throw error;
    };
    const ready = pinned
      .then(() => this.#table.load(room).catch(readFailed))
      .then(() => {
        held.isLoaded = true;
      }, failed);
    const held: Room = { ready, isLoaded: false };
    ready.catch(() => {}); // Whoever waits is told.
    this.#rooms.set(room, held);
    return ready;
  }

  #release(room: RoomId): void {
    if (!this.#rooms.delete(room)) return;
    this.#table.release(room);
    this.#reader.releaseRoom(room);
  }
}
