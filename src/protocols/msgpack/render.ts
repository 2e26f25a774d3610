import type { Event } from '../../core/events.ts';
import type { Message } from '../../core/message.ts';
import type { Place } from '../../core/place.ts';
import { changeLine } from '../lines.ts';
import type { Down } from './schema.ts';

/** What an event looks like on this wire; `null` where it shows nothing. */
export function render(event: Event): Down | null {
  switch (event.type) {
    case 'message-posted':
      return update(event.message, event.message.text, event.place); // MSGP-50
    case 'message-edited':
    case 'message-deleted':
      return update(event.message, changeLine(event.message).text, event.place); // MSGP-52
    case 'person-entered':
    case 'person-left':
    case 'person-renamed':
    case 'person-changed':
    case 'room-created':
    case 'member-joined':
    case 'member-changed':
    case 'member-left':
    case 'person-muted':
    case 'person-unmuted':
      return null; // MSGP-54
  }
}

/** A message that waited, as it stands; nothing if it was deleted meanwhile. */
export function renderWaiting(message: Message, place: Place): Down | null {
  return message.deletedAt === null ? update(message, message.text, place) : null; // MSGP-53
}

function update({ author }: Message, content: string, place: Place): Down {
  const sender = author.name;
  return place.type === 'group'
    ? { type: 'update msg_group', group: place.name, sender, content } // MSGP-50
    : { type: 'update whisper', sender, content }; // MSGP-51
}
