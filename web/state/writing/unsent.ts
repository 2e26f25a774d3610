import type { UnsentMessage } from '../../model/rows.ts';
import type { Conversation } from '../conversation.ts';
import type { ChatSession } from '../session.ts';

/** One's own messages in a room that are on none of its loaded pages, in the order in which they were sent. */
export function unsentIn(conversation: Conversation, { outgoing, outbox }: ChatSession): readonly UnsentMessage[] {
  const room = conversation.key.id;
  const newest = conversation.loaded.value.at(-1)?.key.id[1] ?? 0;
  const posted = outgoing.posted.value.filter((message) => message.room.id === room && message.number > newest);
  const waiting = outbox.value.filter((message) => message.room.id === room);
  const queued = outgoing.queue.value.filter((message) => message.room.id === room);
  return [
    ...posted.map((message): UnsentMessage => ({ ...message, state: 'posted' })), // WEB-60
    ...waiting,
    ...queued.map(
      ({ id, text, replyTo }): UnsentMessage => ({ id, text, ...(replyTo && { replyTo }), state: 'queued' }),
    ),
  ];
}
