import type { PersonId, RoomId } from './ids.ts';

/** What a member may do in a room. */
export type MemberRole = 'owner' | 'moderator' | 'member';

/** An account that has joined a room, or either person of a direct; `name` is the name at that moment. */
export type Member = {
  readonly room: RoomId;
  readonly person: PersonId;
  readonly name: string;
  readonly role: MemberRole;
  /** The other person of a direct, else `null`. */
  readonly other: PersonId | null;
  /** The number of the room's last message at that moment: earlier messages are not in this member's backlog. */
  readonly since: number;
};
