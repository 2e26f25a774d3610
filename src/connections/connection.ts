import type { RoomId } from '../core/model/ids.ts';
import type { Departure, Person } from '../core/model/person.ts';
import type { PresenceSession } from '../core/presence/local-sessions.ts';
import type { Receiver } from './delivery/cursor.ts';
import type { RosterUpdate, SubscriptionOptions } from './session/session-api.ts';

/** What the hub sees of a connection, whatever its protocol. */
export interface Connection {
  readonly person: Person | null;
  readonly presenceSession: PresenceSession | null;
  /** What it delivers; null while it delivers nothing. */
  readonly subscriptions: RoomSubscriptions | null;
  /** The person has left the world: sends the farewell and ends the link. */
  depart(departure: Departure): void;
  /**
   * A token was revoked (its digest), or the password was changed (null): the link ends if the session rests on nothing
   * else.
   */
  credentialsRevoked(digest: string | null): void;
  sendRosterUpdate(update: RosterUpdate): void;
  /** Asks the client for a sign of life. Calls `alive` when it comes; at once if the link cannot be probed. */
  probe(alive: () => void): void;
}

/** A connection with a link, in contrast to a session that waits for one. */
export interface OpenConnection extends Connection {
  /** Answers open requests, refuses later ones, then ends the link; calls `done` when it is closed. */
  stop(done: () => void): void;
}

/** The rooms that one connection delivers. */
interface RoomSubscriptions {
  readonly receiver: Receiver;
  readonly options: SubscriptionOptions;
  /** The person joined a room: it is delivered from after this position and message number. */
  joined(room: RoomId, direct: boolean, position: number, number: number): void;
  left(room: RoomId): void;
}
