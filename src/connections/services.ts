import type { PersonId, RoomId } from '../core/model/ids.ts';
import type { World } from '../core/world.ts';
import type { LoginThrottle } from './limits/login-throttle.ts';
import type { Connection } from './connection.ts';
import type { Cursor, Receiver } from './delivery/cursor.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import type { DeliveryMarkers } from './delivery/delivery-markers.ts';
import type { FlushScheduler } from './output/flush-scheduler.ts';

/** How much waits for somebody who comes back: at most so many messages, none older than so many days. */
export type WaitingLimits = { readonly messages: number; readonly days: number };

/** What connections share, and whom they tell of themselves. */
export interface ConnectionServices {
  readonly world: World;
  readonly scheduler: FlushScheduler;
  readonly limits: RateLimits;
  readonly throttle: LoginThrottle;
  readonly markers: DeliveryMarkers;
  readonly waiting: WaitingLimits;
  readonly loginMs: number;
  readonly stopping: boolean;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  later(ms: number, run: () => void): () => void;
  opened(connection: Connection, address: string): void;
  closed(connection: Connection, address: string): void;
  entered(connection: Connection, person: PersonId): void;
  /** Its person is not on the connection any more. */
  left(connection: Connection, person: PersonId): void;
  /** The connection begins to show things; what its person blocks and knows counts from now on. */
  subscribed(connection: Connection, person: PersonId): void;
  /** Begins to show a room, or a conversation of two, on a connection; and ends it. */
  join(room: RoomId, receiver: Receiver, isPrivate: boolean): Cursor;
  part(cursor: Cursor): void;
  /** Makes a change after which the receivers of these cursors take other variants. */
  regroup(cursors: readonly Cursor[], change: () => void): void;
}
