import type { Event } from '../../core/model/events.ts';
import type { Departure } from '../../core/model/person.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { changeLine } from '../text-fallbacks.ts';
import { refused } from './errors.ts';
import type { Down } from './schema.ts';

/** Shows an event; `null` if this protocol does not show it. */
export function render(event: Event): Down | readonly Down[] | null {
  switch (event.type) {
    case 'message-posted':
      return renderText(event.message, event.conversation, event.message.text);
    case 'message-edited':
    case 'message-deleted':
      return renderText(event.message, event.conversation, changeLine(event.message).text); // TEMPLATE-32
    case 'person-entered':
      return { type: 'JOINED', name: event.person.name }; // TEMPLATE-34
    case 'person-renamed':
      return [
        { type: 'LEFT', name: event.before },
        { type: 'JOINED', name: event.person.name },
      ]; // TEMPLATE-35
    case 'person-left':
      return event.departure.type === 'stopped' ? null : { type: 'LEFT', name: event.person.name }; // TEMPLATE-34
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
      return null; // TEMPLATE-36
  }
}

/** Shows an old message in its current state. */
export function renderHistory(message: Message, conversation: Conversation): Down {
  return renderText(message, conversation, message.deletedAt === null ? message.text : changeLine(message).text); // TEMPLATE-33
}

/** The last message to a person who is kicked or banned. */
export function renderFarewell(departure: Departure): Down | null {
  return departure.type === 'removed' ? refused({ type: 'banned', reason: departure.reason }) : null; // TEMPLATE-37
}

function renderText({ author }: Message, conversation: Conversation, text: string): Down {
  return { type: conversation.type === 'group' ? 'SAID' : 'TOLD', name: author.name, text }; // TEMPLATE-30 TEMPLATE-31
}
