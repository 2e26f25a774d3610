import type { Account } from './account.ts';
import type { Conversation } from './conversation.ts';
import type { Entry, Mute, RoomBan } from './entries.ts';
import type { PersonId, RoomId } from './ids.ts';
import type { Member } from './member.ts';
import type { ShownMessage } from './message.ts';
import type { Departure, Person } from './person.ts';

/** A committed entry of a room, as observers are shown it. `position` is the entry's position in the room's stream. */
export type RoomEvent = { readonly room: RoomId; readonly position: number; readonly conversation: Conversation } & (
  | { readonly type: 'room-created' | 'room-renamed' }
  | { readonly type: 'message-posted'; readonly message: ShownMessage }
  | { readonly type: 'message-edited'; readonly message: ShownMessage }
  | { readonly type: 'message-deleted'; readonly message: ShownMessage }
  | { readonly type: 'member-joined' | 'member-changed'; readonly member: Member }
  | { readonly type: 'member-left'; readonly person: PersonId }
  | { readonly type: 'member-banned'; readonly ban: RoomBan }
  | { readonly type: 'member-unbanned'; readonly person: PersonId }
  | { readonly type: 'person-muted'; readonly mute: Mute }
  | { readonly type: 'person-unmuted'; readonly skeleton: string }
);

/** A change of presence as others see it. Becoming invisible is leaving. */
export type PresenceEvent =
  | { readonly type: 'person-entered'; readonly person: Person }
  | { readonly type: 'person-renamed'; readonly person: Person; readonly before: string }
  /** The status changed. */
  | { readonly type: 'person-changed'; readonly person: Person }
  | { readonly type: 'person-left'; readonly person: Person; readonly departure: Departure };

/** A person types in a room, or has stopped. Who is shown that forgets it after a while, or when the person posts there. */
export type TypingEvent = {
  readonly type: 'person-typing';
  readonly room: RoomId;
  readonly conversation: Conversation;
  readonly person: Person;
  readonly isTyping: boolean;
};

/** What is shown and not stored. It has no position. */
export type EphemeralEvent = PresenceEvent | TypingEvent;

/** Everything that can be shown. An event is complete: a renderer never asks the world for more. */
export type Event = RoomEvent | EphemeralEvent;

/** A committed entry of the directory or of a person that views rest on. `position` is the entry's position in its stream. */
export type RecordEvent = { readonly position: number } & (
  | { readonly type: 'account-created' | 'account-changed' | 'account-deleted'; readonly account: Account }
  | {
      readonly type: 'contact-added' | 'contact-removed' | 'block-added' | 'block-removed';
      readonly person: PersonId;
      readonly other: PersonId;
    }
  | { readonly type: 'room-read'; readonly person: PersonId; readonly room: RoomId; readonly number: number }
  /** The person joined or left the room. */
  | { readonly type: 'membership-changed'; readonly person: PersonId; readonly room: RoomId }
  /** A unit, or who is in it. */
  | { readonly type: 'units-changed' }
);

/** The event of a room's entry; null for entries of other streams. */
export function eventOf(entry: Entry, conversation: Conversation): RoomEvent | null {
  const { position, body } = entry;
  switch (body.type) {
    case 'room-created':
      return { type: body.type, room: body.room, position, conversation };
    case 'room-renamed':
      return { type: body.type, room: body.row.id, position, conversation };
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted':
      return { type: body.type, room: body.message.room, position, conversation, message: body.message };
    case 'member-joined':
    case 'member-changed':
      return { type: body.type, room: body.member.room, position, conversation, member: body.member };
    case 'member-banned':
      return { type: body.type, room: body.ban.room, position, conversation, ban: body.ban };
    case 'member-unbanned':
    case 'member-left':
      return { type: body.type, room: body.room, position, conversation, person: body.person };
    case 'person-muted':
      return { type: body.type, room: body.mute.room, position, conversation, mute: body.mute };
    case 'person-unmuted':
      return { type: body.type, room: body.room, position, conversation, skeleton: body.skeleton };
    default:
      return null;
  }
}

/** The record event of an entry of the directory or of a person; null where there is none. */
export function recordOf({ position, body }: Entry): RecordEvent | null {
  switch (body.type) {
    case 'account-created':
    case 'account-changed':
    case 'account-deleted':
      return { type: body.type, position, account: body.account };
    case 'contact-added':
    case 'contact-removed':
    case 'block-added':
    case 'block-removed':
      return { type: body.type, position, person: body.person, other: body.other };
    case 'room-read':
      return { type: body.type, position, person: body.person, room: body.room, number: body.number };
    case 'room-joined':
      return { type: 'membership-changed', position, person: body.membership.person, room: body.membership.room };
    case 'room-left':
      return { type: 'membership-changed', position, person: body.person, room: body.room };
    case 'unit-created':
    case 'unit-changed':
    case 'unit-removed':
    case 'unit-member-added':
    case 'unit-member-removed':
      return { type: 'units-changed', position };
    default:
      return null;
  }
}
