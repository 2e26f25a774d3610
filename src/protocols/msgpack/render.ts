import type { Event } from '../../core/model/events.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { changeLine } from '../text-fallbacks.ts';
import type { Down } from './schema.ts';

/** Shows an event; `null` if msgpack does not show it. */
export function render(event: Event): Down | null {
  switch (event.type) {
    case 'message-posted':
      return update(event.message, event.message.text, event.conversation); // MSGP-50
    case 'message-edited':
    case 'message-deleted':
      return update(event.message, changeLine(event.message).text, event.conversation); // MSGP-52
    case 'person-entered':
    case 'person-left':
    case 'person-renamed':
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
      return null; // MSGP-54
  }
}

/** Shows an old message in its current state; `null` if it was deleted. */
export function renderWaiting(message: Message, conversation: Conversation): Down | null {
  return message.deletedAt === null ? update(message, message.text, conversation) : null; // MSGP-53
}

function update({ author }: Message, content: string, conversation: Conversation): Down {
  const sender = author.name;
  return conversation.type === 'group'
    ? { type: 'update msg_group', group: conversation.name, sender, content } // MSGP-50
    : { type: 'update whisper', sender, content }; // MSGP-51
}
