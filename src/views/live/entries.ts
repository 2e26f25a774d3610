import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { MemberRole } from '../../core/model/member.ts';
import type { Message } from '../../core/model/message.ts';
import type { Person } from '../../core/model/person.ts';
import type { WorldReader } from '../../core/reader.ts';
import type { Presence } from '../../core/text/status.ts';

/** A person in a list. */
export type PersonEntry = {
  readonly type: 'person';
  readonly id: PersonId;
  readonly name: string;
  readonly displayName: string;
  /** The id of an uploaded picture. */
  readonly picture: string | null;
  readonly presence: Presence;
  readonly connected: boolean;
};

/** A person in a room; the role is null for a guest in the lobby. */
export type MemberEntry = Omit<PersonEntry, 'type'> & { readonly type: 'member'; readonly role: MemberRole | null };

/** A unit in a list. */
export type UnitEntry = { readonly type: 'unit'; readonly id: number; readonly displayName: string };

/** One of a person's rooms, as that person sees it. */
export type JoinedRoomEntry = {
  readonly type: 'room';
  readonly id: RoomId;
  /** Of a direct: the other person's. */
  readonly displayName: string;
  /** The fixed name; empty for a direct. */
  readonly name: string;
  /** The other person of a direct. */
  readonly other: PersonId | null;
  /** The last message that the person sees. */
  readonly last: Message | null;
  /** The number of the room's last message, and how far this person and the furthest of the others have read. */
  readonly number: number;
  readonly seen: number;
  readonly seenBy: number;
  /** The messages after `seen` that the person sees. */
  readonly unread: number;
  /** At most 10, in the order of joining, with their names at that time. */
  readonly members: readonly Person[];
  readonly total: number;
  /** Grows with each message that this process sees in any room; 0 if it has seen none in this one. */
  readonly activity: number;
};

export type ListEntry = PersonEntry | MemberEntry | UnitEntry | JoinedRoomEntry;

/** A person's entry, from what others see of the person; null for a guest who is absent or invisible, and for nobody. */
export function personEntry(reader: WorldReader, person: PersonId): PersonEntry | null {
  const view = reader.person(person);
  if (view === undefined) return null;
  const { id, name, displayName, status } = view;
  const picture = reader.account(person)?.picture ?? null;
  const connected = reader.isVisible(person);
  return { type: 'person', id, name, displayName, picture, presence: status.presence, connected };
}
