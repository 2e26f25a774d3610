import type { PersonId, RoomId } from '../core/model/ids.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { Clock } from '../core/ports.ts';
import type { Gatherings } from './session/gatherings.ts';
import type { SessionRegistry } from './session/session-registry.ts';
import type { Views } from '../views/views.ts';
import type { World } from '../core/world.ts';
import type { Connection, OpenConnection } from './connection.ts';
import type { Cursor, Receiver } from './delivery/cursor.ts';
import type { DeliveryMarkers } from './delivery/delivery-markers.ts';
import type { TypingBroadcast } from './delivery/typing-broadcast.ts';
import type { LoginThrottle } from './limits/login-throttle.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import type { FlushScheduler } from './output/flush-scheduler.ts';

/** The size of a backlog: at most this many messages, none older than this many days. */
export type BacklogLimits = { readonly messages: number; readonly days: number };

/** What all connections of this process share. The hub implements it; a connection reports to it what happens to itself. */
export interface ConnectionServices {
  readonly world: World;
  readonly views: Views;
  readonly clock: Clock;
  readonly scheduler: FlushScheduler;
  readonly limits: RateLimits;
  readonly throttle: LoginThrottle;
  readonly sessions: SessionRegistry;
  readonly gatherings: Gatherings;
  readonly markers: DeliveryMarkers;
  readonly typing: TypingBroadcast;
  readonly backlog: BacklogLimits;
  /** The time by which a backlog's messages are judged too old (CONN-101), in ms since 1970. */
  readonly cautiousTime: () => number;
  /** A connection without a login is closed after this time. */
  readonly loginMs: number;
  readonly stopping: boolean;
  /** A new id for something that is sent unasked: never given out twice, on no node and not after a restart. */
  readonly eventId: () => string;
  opened(connection: OpenConnection, address: string, protocol: string): void;
  /** Why nobody may log in from this address; null if they may. */
  banOf(address: string): Extract<Refusal, { type: 'banned' }> | null;
  closed(connection: OpenConnection, address: string): void;
  /** A person logged in on the connection. */
  loggedIn(connection: Connection, person: PersonId): void;
  /** The person is no longer on the connection. */
  loggedOut(connection: Connection, person: PersonId): void;
  /** The connection begins to deliver: from now on the person's blocks apply and its roster updates are sent. */
  subscribed(connection: Connection, person: PersonId): void;
  /** Adds a cursor to a room; it delivers nothing until it is started. */
  openCursor(room: RoomId, receiver: Receiver, isDirect: boolean): Cursor;
  closeCursor(cursor: Cursor): void;
  /** Makes a change that gives the receivers of these cursors other variants. */
  regroup(cursors: readonly Cursor[], change: () => void): void;
}
