import { PersistentArray } from '../../lib/persistent/persistent-array.ts';
import { PersistentMap } from '../../lib/persistent/persistent-map.ts';
import type { Mute, RoomBan, RoomEntry } from '../model/entries.ts';
import type { MessageId, PersonId, RoomId } from '../model/ids.ts';
import type { Invitation } from '../model/invitation.ts';
import type { Member } from '../model/member.ts';
import { type Message, type Withheld, withheldOf } from '../model/message.ts';
import type { RoomRow } from '../model/room.ts';
import type { Snapshot } from '../ports.ts';
import { roomRowOf } from './projection.ts';

/** At least so many of the messages that changed last are kept, and at most twice as many. */
const RECENT = 256;

/** A message as it is since it was changed at this position. */
export type RecentMessage = { readonly position: number; readonly message: Message };

/** The numbers of the withheld messages of one author, ascending. */
type WithheldNumbers = { readonly author: PersonId; readonly numbers: PersistentArray<number> };

/**
 * What decisions need of a room. It is immutable: an entry makes a new one, which shares nearly everything with the one before.
 */
export type RoomState = {
  readonly id: RoomId;
  readonly position: number;
  readonly lastNumber: number;
  /** Null before it is made. */
  readonly row: RoomRow | null;
  readonly members: PersistentMap<PersonId, Member>;
  readonly mutes: PersistentMap<string, Mute>;
  readonly bans: PersistentMap<PersonId, RoomBan>;
  /** By digest; also those whose time is over, until another one is made. */
  readonly invitations: PersistentMap<string, Invitation>;
  readonly withheld: PersistentMap<PersonId, WithheldNumbers>;
  /** The messages that changed last, as they are now, the last one at the end; others are in storage as they are now. */
  readonly recent: PersistentArray<RecentMessage>;
  /** `recent` has every change of a message after this position. */
  readonly evictedThrough: number;
};

const MEMBERS = PersistentMap.empty(({ person }: Member) => person);
const MUTES = PersistentMap.empty(({ skeleton }: Mute) => skeleton);
const BANS = PersistentMap.empty(({ person }: RoomBan) => person);
const INVITATIONS = PersistentMap.empty(({ digest }: Invitation) => digest);
const WITHHELD = PersistentMap.empty(({ author }: WithheldNumbers) => author);

/** A room as loaded from storage. */
export function openRoom(id: RoomId, snapshot: Snapshot): RoomState {
  const { position, lastNumber, room, members, mutes, roomBans, invitations, withheld } = snapshot;
  const byAuthor = [...Map.groupBy(withheld, ({ author }) => author)];
  return {
    id,
    position,
    lastNumber,
    row: room,
    members: MEMBERS.withAll(members),
    mutes: MUTES.withAll(mutes),
    bans: BANS.withAll(roomBans),
    invitations: INVITATIONS.withAll(invitations),
    withheld: WITHHELD.withAll(
      byAuthor.map(([author, own]) => ({ author, numbers: PersistentArray.of(own.map(({ number }) => number)) })), // WORLD-163
    ),
    recent: PersistentArray.of<RecentMessage>([]),
    evictedThrough: position,
  };
}

/** The room after an entry, which must be the next of the stream. */
export function roomAfter(room: RoomState, position: number, entry: RoomEntry): RoomState {
  return { ...room, position, ...changeOf(room, position, entry) };
}

function changeOf(room: RoomState, position: number, entry: RoomEntry): Partial<RoomState> {
  const { members, bans, mutes, invitations, withheld } = room;
  switch (entry.type) {
    case 'room-created':
      return { row: roomRowOf(entry) };
    case 'room-renamed':
      return { row: entry.row };
    case 'member-joined':
    case 'member-changed':
      return { members: members.with(entry.member) };
    case 'member-left':
      return { members: members.without(entry.person) };
    case 'member-banned':
      return { bans: bans.with(entry.ban) };
    case 'member-unbanned':
      return { bans: bans.without(entry.person) };
    case 'message-posted': {
      const { message } = entry;
      const posted = { lastNumber: message.number, ...remembered(room.recent, { position, message }) };
      return message.withheld === true ? { ...posted, withheld: withNumber(withheld, withheldOf(message)) } : posted;
    }
    case 'message-edited':
    case 'message-deleted': {
      const others = [...room.recent].filter(({ message }) => message.id !== entry.message.id);
      return remembered(PersistentArray.of(others), { position, message: entry.message });
    }
    case 'person-muted':
      return { mutes: mutes.with(entry.mute) };
    case 'person-unmuted':
      return { mutes: mutes.without(entry.skeleton) };
    case 'invitation-made':
    case 'invitation-used':
      return { invitations: invitations.with(entry.invitation) };
    case 'invitation-ended':
      return { invitations: invitations.without(entry.digest) };
  }
}

function withNumber(withheld: RoomState['withheld'], { author, number }: Withheld): RoomState['withheld'] {
  const numbers = withheld.get(author)?.numbers ?? PersistentArray.of<number>([]);
  return withheld.with({ author, numbers: numbers.put(numbers.length, number) }); // WORLD-163
}

/** The messages that changed last with one that changes now. When there are too many, the older half goes. */
function remembered(others: RoomState['recent'], changed: RecentMessage): Partial<RoomState> {
  const recent = others.put(others.length, changed);
  if (recent.length <= 2 * RECENT) return { recent };
  const first = recent.length - RECENT;
  return { recent: PersistentArray.of([...recent.from(first)]), evictedThrough: recent.at(first - 1)?.position ?? 0 };
}

/** A message that changed not long ago, as it is now; undefined if only storage has it. */
export function recentMessage({ recent }: Pick<RoomState, 'recent'>, id: MessageId): Message | undefined {
  for (let at = recent.length - 1; at >= 0; at--) {
    const message = recent.at(at)?.message;
    if (message?.id === id) return message;
  }
  return undefined;
}
