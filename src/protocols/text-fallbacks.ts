import type { Message } from '../core/model/message.ts';
import { otherOf, type Conversation } from '../core/model/conversation.ts';
import type { PersonId } from '../core/model/ids.ts';

/** An edited or deleted message on wires that know neither: a line of its own, at the time of the change. */
export function changeLine(message: Message): { readonly text: string; readonly time: number } {
  if (message.deletedAt !== null) return { text: '* (message deleted)', time: message.deletedAt };
  return { text: `* ${message.text}`, time: message.editedAt ?? message.serverTime };
}

/** What tells a direct message from what everybody reads, on wires that show both in one place; nothing for a room's. */
export function privateMark({ author }: Message, conversation: Conversation, viewer: PersonId | null): string {
  if (conversation.type === 'group') return ''; // C2-63 CODE-63
  return author.id === viewer ? `(private to ${otherOf(conversation, author.id).name}) ` : '(private) '; // C2-63 CODE-63
}
