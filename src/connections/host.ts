import type { PersonId, RoomId } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import type { Connection } from './connection.ts';
import type { Cursor, Receiver } from './cursor.ts';
import type { Limits } from './limits.ts';
import type { Turn } from './turn.ts';

/** What connections share, and whom they tell of themselves. */
export interface Host {
  readonly world: World;
  readonly turn: Turn;
  readonly limits: Limits;
  readonly loginMs: number;
  readonly stopping: boolean;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  later(ms: number, run: () => void): () => void;
  opened(connection: Connection, address: string): void;
  closed(connection: Connection, address: string): void;
  entered(connection: Connection, person: PersonId): void;
  /** Begins to show a room on a connection, and ends it. */
  join(room: RoomId, receiver: Receiver, history: number): Cursor;
  part(cursor: Cursor): void;
}
