import type { Message } from '../core/model/message.ts';
import { otherOf, type Conversation } from '../core/model/conversation.ts';
import type { PersonId } from '../core/model/ids.ts';
import { skeletonOf } from '../core/text/names/skeleton.ts';
import { fromFirstVisible, visibleOf } from '../core/text/text.ts';

const PRIVATE = skeletonOf('private');
/** Characters that look like `(`. */
const OPENING = /^[(\u2768\u276A\u2985\u3014\u3016\u3018\uFD3E]/u;
/** As much of a text as can look like `(private`: each character may stand for several. */
const LOOKED_AT = 64;

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

/**
 * The message as it is shown among the messages of the lobby: if its text looks like a private line and is none, `\` stands
 * before it.
 */
export function distinctFromPrivate(message: Message, conversation: Conversation): Message {
  const isFake = conversation.type === 'group' && looksPrivate(message.text); // C2-84 CODE-84
  return isFake ? { ...message, text: `\\${message.text}` } : message; // C2-84 CODE-84
}

/** Whether a text begins with `(private`, as far as an eye can tell: without marks, and whatever is invisible in it. */
function looksPrivate(text: string): boolean {
  const start = fromFirstVisible(text);
  if (!OPENING.test(start.slice(0, 1).normalize('NFKC'))) return false;
  const seen = visibleOf(start.slice(1)).slice(0, LOOKED_AT).normalize('NFKC');
  return skeletonOf(seen).replace(/\p{M}/gu, '').startsWith(PRIVATE); // C2-84 CODE-84
}
