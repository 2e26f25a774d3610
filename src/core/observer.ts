import type { Ban } from './model/entries.ts';
import type { Event, RecordEvent } from './model/events.ts';
import type { PersonId, RoomId, StreamId } from './model/ids.ts';
import type { Departure } from './model/person.ts';
import type { PresenceSession } from './presence/local-sessions.ts';

/** The world tells its observer, the hub, what happened. */
export interface WorldObserver {
  /** All events of one batch, in order; its commands have been answered. */
  deliver(events: readonly Event[]): void;
  /** All record events of one batch, in order, after `deliver` of the same batch. */
  recorded(events: readonly RecordEvent[]): void;
  /** A room was loaded, at this position: it may hold changes that no event announced. */
  resync(room: RoomId, position: number): void;
  /** The directory or a person's stream was loaded: it may hold changes that no record event announced. */
  reloaded(stream: StreamId): void;
  /** Asks the person's connections for a sign of life and calls `alive` at the first. */
  probe(person: PersonId, alive: () => void): void;
  /** The person was removed: the connections of these sessions end, later ones do not. */
  sessionsRemoved(person: PersonId, departure: Departure, sessions: ReadonlySet<PresenceSession>): void;
  /** A range of addresses was banned: connections from there end. */
  addressBanned(ban: Ban): void;
  /** The person joined a room on another node: deliver it from after this position and message number. */
  roomJoined(person: PersonId, room: RoomId, direct: boolean, position: number, number: number): void;
  /** Connections that logged in with an old password (`null`), or with the token of this digest, end. */
  credentialsRevoked(person: PersonId, digest: string | null): void;
}
