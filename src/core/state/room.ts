import type { Mute, RoomBan, RoomEntry } from '../model/entries.ts';
import type { MessageId, PersonId, RoomId } from '../model/ids.ts';
import type { Invitation } from '../model/invitation.ts';
import type { Member } from '../model/member.ts';
import { type Message, type Withheld, withheldOf } from '../model/message.ts';
import type { RoomRow } from '../model/room.ts';
import type { Snapshot } from '../ports.ts';
import { roomRowOf } from './projection.ts';

const RECENT = 256;

/** What decisions need of a room. */
export type RoomState = {
  readonly id: RoomId;
  position: number;
  lastNumber: number;
  /** Null before it is made. */
  row: RoomRow | null;
  readonly members: Map<PersonId, Member>;
  readonly mutes: Map<string, Mute>;
  readonly bans: Map<PersonId, RoomBan>;
  /** By digest; also those whose time is over, until another one is made. */
  readonly invitations: Map<string, Invitation>;
  /** The numbers of withheld messages, ascending, by their author. */
  readonly withheld: Map<PersonId, number[]>;
  /** The messages that changed last, as they are now; others are in storage as they are now. */
  readonly recent: Map<MessageId, { readonly position: number; readonly message: Message }>;
  /** `recent` has every change of a message after this position. */
  evictedThrough: number;
};

/** A room as loaded from storage. */
export function openRoom(id: RoomId, snapshot: Snapshot): RoomState {
  const room: RoomState = {
    id,
    position: snapshot.position,
    lastNumber: snapshot.lastNumber,
    row: snapshot.room,
    members: new Map(snapshot.members.map((member) => [member.person, member])),
    mutes: new Map(snapshot.mutes.map((mute) => [mute.skeleton, mute])),
    bans: new Map(snapshot.roomBans.map((ban) => [ban.person, ban])),
    invitations: new Map(snapshot.invitations.map((invitation) => [invitation.digest, invitation])),
    withheld: new Map(),
    recent: new Map(),
    evictedThrough: snapshot.position,
  };
  for (const message of snapshot.withheld) withhold(room, message);
  return room;
}

/** A copy that changes independently of the original. */
export function copyRoom(room: RoomState): RoomState {
  return {
    ...room,
    members: new Map(room.members),
    mutes: new Map(room.mutes),
    bans: new Map(room.bans),
    invitations: new Map(room.invitations),
    withheld: new Map([...room.withheld].map(([author, numbers]) => [author, [...numbers]])),
    recent: new Map(room.recent),
  };
}

/** Applies an entry, which must be the next of the stream. */
export function applyToRoom(room: RoomState, position: number, entry: RoomEntry): void {
  room.position = position;
  switch (entry.type) {
    case 'room-created':
      room.row = roomRowOf(entry);
      return;
    case 'room-renamed':
      room.row = entry.row;
      return;
    case 'member-joined':
    case 'member-changed':
      room.members.set(entry.member.person, entry.member);
      return;
    case 'member-left':
      room.members.delete(entry.person);
      return;
    case 'member-banned':
      room.bans.set(entry.ban.person, entry.ban);
      return;
    case 'member-unbanned':
      room.bans.delete(entry.person);
      return;
    case 'message-posted':
      room.lastNumber = entry.message.number;
      if (entry.message.withheld === true) withhold(room, withheldOf(entry.message));
      return remember(room, position, entry.message);
    case 'message-edited':
    case 'message-deleted':
      return remember(room, position, entry.message);
    case 'person-muted':
      room.mutes.set(entry.mute.skeleton, entry.mute);
      return;
    case 'person-unmuted':
      room.mutes.delete(entry.skeleton);
      return;
    case 'invitation-made':
    case 'invitation-used':
      room.invitations.set(entry.invitation.digest, entry.invitation);
      return;
    case 'invitation-ended':
      room.invitations.delete(entry.digest);
      return;
  }
}

function withhold({ withheld }: RoomState, { author, number }: Withheld): void {
  const numbers = withheld.get(author) ?? [];
  withheld.set(author, numbers);
  numbers.push(number); // WORLD-163
}

function remember(room: RoomState, position: number, message: Message): void {
  room.recent.delete(message.id);
  room.recent.set(message.id, { position, message });
  for (const [id, oldest] of room.recent) {
    if (room.recent.size <= RECENT) return;
    room.recent.delete(id);
    room.evictedThrough = oldest.position;
  }
}
