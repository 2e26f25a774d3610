import type { Message } from '../core/model/message.ts';
import { otherOf, type Conversation } from '../core/model/conversation.ts';
import type { PersonId } from '../core/model/ids.ts';

/** An edit or a deletion, for protocols that have neither: a message of its own, with the time of the change. */
export function changeLine(message: Message): { readonly text: string; readonly time: number } {
  if (message.deletedAt !== null) return { text: '* (message deleted)', time: message.deletedAt };
  return { text: `* ${message.text}`, time: message.editedAt ?? message.serverTime };
}

/** The mark before a direct message, for protocols that show it among the messages of the lobby. */
export function privateMark({ author }: Message, conversation: Conversation, viewer: PersonId | null): string {
  if (conversation.type === 'group') return ''; // C2-63 CODE-63
  return author.id === viewer ? `(private to ${otherOf(conversation, author.id).name}) ` : '(private) '; // C2-63 CODE-63
}
