import type { Event } from '../../core/model/events.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { changeLine, distinctFromPrivate, privateMark } from '../text-fallbacks.ts';
import type { Push } from './schema.ts';

/** Shows an event to `viewer`; `null` if codechat does not show it. */
export function render(event: Event, viewer: PersonId | null): Push | readonly Push[] | null {
  switch (event.type) {
    case 'message-posted':
      return renderCurrent(event.message, event.conversation, viewer); // CODE-50
    case 'message-edited':
    case 'message-deleted': {
      const { text } = changeLine(distinctFromPrivate(event.message, event.conversation)); // CODE-84
      return renderText(event.message, event.conversation, viewer, text); // CODE-51 CODE-52
    }
    case 'person-entered':
      return { cmd: 'client-enter', user: event.person.name }; // CODE-54
    case 'person-renamed':
      return [
        { cmd: 'client-exit', user: event.before },
        { cmd: 'client-enter', user: event.person.name },
      ]; // CODE-56
    case 'person-left':
      return event.departure.type === 'stopped' ? null : { cmd: 'client-exit', user: event.person.name }; // CODE-55
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
      return null; // CODE-57
  }
}

/** Shows an old message in its current state; `null` if it was deleted. */
export function renderHistory(message: Message, conversation: Conversation, viewer: PersonId | null): Push | null {
  return message.deletedAt === null ? renderCurrent(message, conversation, viewer) : null; // CODE-53
}

function renderCurrent(message: Message, conversation: Conversation, viewer: PersonId | null): Push {
  return renderText(message, conversation, viewer, distinctFromPrivate(message, conversation).text); // CODE-84
}

function renderText(message: Message, conversation: Conversation, viewer: PersonId | null, text: string): Push {
  return { cmd: 'message', user: message.author.name, msg: `${privateMark(message, conversation, viewer)}${text}` }; // CODE-63
}
