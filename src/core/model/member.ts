import type { PersonId, RoomId } from './ids.ts';

/** What a member may do in a room. */
export type MemberRole = 'owner' | 'moderator' | 'member';

/** Somebody who is in a room for as long as nothing else is said; the name is that of then. */
export type Member = {
  readonly room: RoomId;
  readonly person: PersonId;
  readonly name: string;
  readonly role: MemberRole;
  /** In a direct conversation the other one, else `null`. */
  readonly other: PersonId | null;
  /** The number of the room's last message at that moment: what came before does not wait for this member. */
  readonly since: number;
};
