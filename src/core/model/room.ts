import type { RoomId } from './ids.ts';
import type { Person } from './person.ts';

/** A room without its members and messages. */
export type RoomRow = {
  readonly id: RoomId;
  /** Random: tells this room's history from any other. */
  readonly identity: string;
  /** Empty for a direct. */
  readonly name: string;
  /** Missing where it equals the name. */
  readonly displayName?: string;
  /** People who are not in the room do not learn that it exists. */
  readonly closed?: true;
  /** The position of the entry that gave it its present display name; missing where that is the first. */
  readonly renamedAt?: number;
  /** The two people of a direct, with their names when it was made. */
  readonly people?: readonly [Person, Person];
};
