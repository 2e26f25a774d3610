import type { Entry, Mute } from './entries.ts';
import type { PersonId, RoomId } from './ids.ts';
import type { Message } from './message.ts';

/** A person as others see one: the id for good, the name as shown now. */
export type Person = { readonly id: PersonId; readonly name: string };

/** How somebody left. `removed` is a kick or a ban, with the words for it. */
export type Departure =
  | { readonly type: 'left' }
  | { readonly type: 'lost' }
  | { readonly type: 'removed'; readonly reason: string }
  | { readonly type: 'stopped' };

/** What happened in a room and is on disk. `position` is its place in the room's stream. */
export type RoomEvent = { readonly room: RoomId; readonly position: number } & (
  | { readonly type: 'room-created' }
  | { readonly type: 'message-posted'; readonly message: Message }
  | { readonly type: 'message-edited'; readonly message: Message }
  | { readonly type: 'message-deleted'; readonly message: Message }
  | { readonly type: 'person-muted'; readonly mute: Mute }
  | { readonly type: 'person-unmuted'; readonly skeleton: string }
);

/** What happened to people and is not kept: it has no position. */
export type PassingEvent =
  | { readonly type: 'person-entered'; readonly person: Person }
  | { readonly type: 'person-renamed'; readonly person: Person; readonly before: string }
  | { readonly type: 'person-left'; readonly person: Person; readonly departure: Departure };

/** Everything that can be shown, complete in itself: whoever renders it need not ask the world for more. */
export type Event = RoomEvent | PassingEvent;

/** What an entry shows to the people in its room; entries of the directory show nothing by themselves. */
export function eventOf(entry: Entry): RoomEvent | null {
  const { position, body } = entry;
  switch (body.type) {
    case 'room-created':
      return { type: body.type, room: body.room, position };
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted':
      return { type: body.type, room: body.message.room, position, message: body.message };
    case 'person-muted':
      return { type: body.type, room: body.mute.room, position, mute: body.mute };
    case 'person-unmuted':
      return { type: body.type, room: body.room, position, skeleton: body.skeleton };
    case 'name-taken':
    case 'ban-set':
    case 'ban-lifted':
      return null;
  }
}
