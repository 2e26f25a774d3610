import type { Event } from '../../core/model/events.ts';
import type { Departure, Person } from '../../core/model/person.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { distinctFromPrivate, privateMark } from '../text-fallbacks.ts';
import { END_OF_TIME } from './limits.ts';
import type { Down } from './schema.ts';

/** Shows an event to `viewer`; `null` if c2 does not show it. */
export function render(event: Event, viewer: PersonId | null): Down | null {
  switch (event.type) {
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted':
      return renderMessage(event.message, event.conversation, viewer);
    case 'person-renamed':
      return { type: 'UPDATE', username: event.before, property: 'username', value: event.person.name }; // C2-53
    case 'person-left':
      return renderDeparture(event.person, event.departure);
    case 'person-entered':
    case 'person-changed':
    case 'person-typing':
    case 'room-created':
    case 'room-renamed':
    case 'member-joined':
    case 'member-changed':
    case 'member-banned':
    case 'member-unbanned':
    case 'member-left':
    case 'person-muted':
    case 'person-unmuted':
      return null; // C2-57
  }
}

/** Shows a message in its current state. Posted, edited, deleted and old messages look the same. */
export function renderMessage(message: Message, conversation: Conversation, viewer: PersonId | null): Down {
  const text = message.deletedAt === null ? distinctFromPrivate(message, conversation).text : '(deleted)'; // C2-52 C2-84
  return {
    type: 'MSG',
    username: message.author.name, // C2-26
    timestamp: timeOf(message), // C2-50
    id: message.id,
    text: `${privateMark(message, conversation, viewer)}${text}`, // C2-63
  };
}

/** The sender's time, or the server's time if there is none or c2 cannot express it. */
function timeOf({ clientTime, serverTime }: Message): number {
  return clientTime !== null && clientTime >= 0 && clientTime <= END_OF_TIME ? clientTime : serverTime; // C2-50
}

/** Shows a departure, to the others and to the person who leaves. */
export function renderDeparture(person: Person, departure: Departure): Down | null {
  switch (departure.type) {
    case 'left':
      return { type: 'DISCONNECT disconnect', username: person.name }; // C2-54
    case 'lost':
      return { type: 'DISCONNECT lost_connection', username: person.name }; // C2-55
    case 'removed':
      return { type: 'DISCONNECT ban', username: person.name, reason: departure.reason }; // C2-56
    case 'stopped':
      return null; // C2-57
  }
}
