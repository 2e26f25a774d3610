import type { Message } from '../../core/model/message.ts';
import type { Version, ViewAnswer } from '../answer.ts';

/** A message for one viewer. `read`: the viewer has read it; of an own message, somebody else has. */
export type MessageContent = { readonly type: 'message'; readonly message: Message; readonly read: boolean };

/** What the number of a message's version says: how often it was edited, whether it was deleted and whether it was read. */
export type MessageState = { readonly edits: number; readonly deleted: boolean; readonly read: boolean };

/**
 * The number of a version. Every part only grows, so a later version has a higher number; only where those who had read the
 * message deleted their accounts it is lower again, and who has the higher one gets the whole.
 */
export function numberOfState({ edits, deleted, read }: MessageState): number {
  return (edits + 1) * 4 + (deleted ? 2 : 0) + (read ? 1 : 0); // VIEW-37
}

/** What the number of a version says; null for a number that no message has. */
export function stateOfNumber(number: number): MessageState | null {
  if (!Number.isSafeInteger(number) || number < 4) return null;
  return { edits: Math.floor(number / 4) - 1, deleted: number % 4 >= 2, read: number % 2 === 1 };
}

/** Answers with a message. Where more than `read` changed the answer is the whole: what the text was is not kept. */
export function messageAnswer(
  content: MessageContent,
  since: Version | null,
  identity: string,
): ViewAnswer<MessageContent> {
  const { message, read } = content;
  const state = { edits: message.edits.length, deleted: message.deletedAt !== null, read };
  const version = { identity, number: numberOfState(state) };
  const old = since?.identity === identity ? stateOfNumber(since.number) : null;
  if (old === null || since === null) return { type: 'whole', version, value: content };
  if (since.number === version.number) return { type: 'same', version };
  const isOnlyRead = old.edits === state.edits && old.deleted === state.deleted && since.number < version.number; // VIEW-38
  if (!isOnlyRead) return { type: 'whole', version, value: content };
  return { type: 'changed', version, before: { ...content, read: old.read }, after: content };
}
