import type { RoomId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { WorldReader } from '../../core/reader.ts';
import { Holds } from './holds.ts';
import type { RoomsTable } from './rooms-table.ts';

type Room = {
  readonly ready: Promise<void>;
  isLoaded: boolean;
  /** Settles when the last messages are read; null if nobody needed them. */
  last: Promise<void> | null;
  hasLast: boolean;
};

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

  /**
   * Loads rooms, with their last messages if a list of rooms needs them: as much is read of a room that nobody may see as of one
   * that does not exist (T25). Null if all are loaded; rejects when storage is unavailable. After it call `use`, or `leave`.
   */
  load(rooms: readonly RoomId[], withLast: boolean): Promise<void> | null {
    const isReady = (room: Room | undefined) => room?.isLoaded === true && (!withLast || room.hasLast);
    const missing = rooms.filter((room) => !isReady(this.#rooms.get(room)));
    if (missing.length === 0) return null;
    return Promise.all(missing.map((room) => this.#load(room, withLast))).then(() => {});
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
    const held = this.#rooms.get(room);
    if (held?.isLoaded !== true) return false;
    if (held.last !== null) void this.#readLast(room, held).catch(() => {}); // VIEW-44
    return true;
  }

  close(): void {
    this.#holds.close();
  }

  async #load(room: RoomId, withLast: boolean): Promise<void> {
    const held = this.#rooms.get(room) ?? this.#begin(room);
    await held.ready;
    if (withLast) await (held.last ?? this.#readLast(room, held));
  }

  #begin(room: RoomId): Room {
    const ready = this.#reader.holdRoom(room).then(
      () => {
        held.isLoaded = true;
      },
      (error: unknown) => {
        if (this.#rooms.get(room) === held) this.#rooms.delete(room);
        throw error;
      },
    );
    const held: Room = { ready, isLoaded: false, last: null, hasLast: false };
    ready.catch(() => {}); // Whoever waits is told.
    this.#rooms.set(room, held);
    return held;
  }

  #readLast(room: RoomId, held: Room): Promise<void> {
    held.hasLast = false;
    const last = this.#table.load(room).then(
      () => {
        held.hasLast = held.last === last;
      },
      (error: unknown) => {
        if (held.last === last) held.last = null;
        throw error;
      },
    );
    held.last = last;
    last.catch(() => {}); // Whoever waits is told.
    return last;
  }

  #release(room: RoomId): void {
    if (!this.#rooms.delete(room)) return;
    this.#table.release(room);
    this.#reader.releaseRoom(room);
  }
}
