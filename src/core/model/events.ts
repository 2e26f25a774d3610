import type { Departure, Person } from './person.ts';
import type { Entry, Mute } from './entries.ts';
import type { PersonId, RoomId } from './ids.ts';
import type { Member } from './member.ts';
import type { Message } from './message.ts';
import type { Conversation } from './conversation.ts';

/** What happened in a room and is on disk. `position` is its place in the room's stream. */
export type RoomEvent = { readonly room: RoomId; readonly position: number; readonly conversation: Conversation } & (
  | { readonly type: 'room-created' }
  | { readonly type: 'message-posted'; readonly message: Message }
  | { readonly type: 'message-edited'; readonly message: Message }
  | { readonly type: 'message-deleted'; readonly message: Message }
  | { readonly type: 'member-joined' | 'member-changed'; readonly member: Member }
  | { readonly type: 'member-left'; readonly person: PersonId }
  | { readonly type: 'person-muted'; readonly mute: Mute }
  | { readonly type: 'person-unmuted'; readonly skeleton: string }
);

/** What happened to people, as others see it, and is not kept: it has no position. Turning invisible is leaving. */
export type EphemeralEvent =
  | { readonly type: 'person-entered'; readonly person: Person }
  | { readonly type: 'person-renamed'; readonly person: Person; readonly before: string }
  /** The status is another one. */
  | { readonly type: 'person-changed'; readonly person: Person }
  | { readonly type: 'person-left'; readonly person: Person; readonly departure: Departure };

/** Everything that can be shown, complete in itself: whoever renders it need not ask the world for more. */
export type Event = RoomEvent | EphemeralEvent;

/** What an entry of a room shows to the people in it; `place` is that room's. Other entries show nothing by themselves. */
export function eventOf(entry: Entry, conversation: Conversation): RoomEvent | null {
  const { position, body } = entry;
  switch (body.type) {
    case 'room-created':
      return { type: body.type, room: body.room, position, conversation };
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted':
      return { type: body.type, room: body.message.room, position, conversation, message: body.message };
    case 'member-joined':
    case 'member-changed':
      return { type: body.type, room: body.member.room, position, conversation, member: body.member };
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
