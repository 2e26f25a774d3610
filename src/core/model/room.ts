import type { Person } from './person.ts';
import type { RoomId } from './ids.ts';

/** What a room is, apart from its members and messages. */
export type RoomRow = {
  readonly id: RoomId;
  /** Random: names this history. */
  readonly identity: string;
  /** Empty for a direct conversation. */
  readonly name: string;
  /** Missing where it is the name. */
  readonly displayName?: string;
  /** Only by invitation, and unknown to outsiders. */
  readonly closed?: true;
  /** The two whose conversation it is, with their names of then. */
  readonly people?: readonly [Person, Person];
};
