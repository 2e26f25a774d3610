import type { PresenceSession } from '../core/presence/local-sessions.ts';
import type { Departure, Person } from '../core/model/events.ts';
import type { RoomId } from '../core/model/ids.ts';
import type { Receiver } from './delivery/cursor.ts';
import type { RosterUpdate } from './session/session-api.ts';

/** What the rest of the house sees of a connection, whatever its wire. */
export interface Connection {
  readonly person: Person | null;
  /** What its person came with: it ends with the connection. */
  readonly session: PresenceSession | null;
  /** The person has left the world: the link ends. */
  depart(departure: Departure): void;
  /** The token of this digest ended, or the password was changed (null): the link ends if its person came by that. */
  credentialsRevoked(digest: string | null): void;
  /** What it shows rooms with; null while it shows none. */
  readonly receiver: Receiver | null;
  /** Whether some of what its person says is not shown on it. */
  readonly hidesOwn: boolean;
  /** Whether it tells of people and groups that changed. */
  readonly wantsRosterUpdates: boolean;
  /** The person came into a room, or left it. */
  roomJoined(room: RoomId, direct: boolean, position: number, number: number): void;
  roomLeft(room: RoomId): void;
  sendRosterUpdate(notice: RosterUpdate): void;
  /** Calls at the next sign of life; at once where the link cannot be asked. */
  probe(alive: () => void): void;
  /** Answers what was begun, refuses the rest, and ends; `done` when the link is gone. */
  stop(done: () => void): void;
}
