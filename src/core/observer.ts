import type { PresenceSession } from './presence/local-sessions.ts';
import type { Departure, Event } from './model/events.ts';
import type { PersonId, RoomId } from './model/ids.ts';

/** Who shows what happens. */
export interface WorldObserver {
  /** All that one batch made visible, in order; the commands in it have been answered. */
  deliver(events: readonly Event[]): void;
  /** A room was read and stands at this position. */
  resync(room: RoomId, position: number): void;
  /** Asks the person's connections for a sign of life; `alive` is called at the first. */
  probe(person: PersonId, alive: () => void): void;
  /** The person was sent away: the connections of these visits have to end, and no later ones. */
  sessionsRemoved(person: PersonId, departure: Departure, sessions: ReadonlySet<PresenceSession>): void;
  /** The person is in a room, shown from a position and after a message's number on; of rooms that are known the events tell. */
  roomJoined(person: PersonId, room: RoomId, direct: boolean, position: number, number: number): void;
  /** What a person keeps about others changed, or what others see of the account. */
  personChanged(person: PersonId, what: 'ties' | 'account'): void;
  /** Connections by the password so far, or by the token of this digest, have to end. */
  credentialsRevoked(person: PersonId, digest: string | null): void;
}
