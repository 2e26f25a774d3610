import type { MessageEntry, OutboxMessage } from '../../src/protocols/documents/client.ts';

/** What a conversation shows, from top to bottom. */
export type Row =
  | { readonly type: 'day'; readonly key: string; readonly time: number }
  /** The line above the first unread message. */
  | { readonly type: 'new'; readonly key: string }
  /** `isFirst`: the author and the time are shown, since somebody else spoke before, or long ago. */
  | { readonly type: 'message'; readonly key: string; readonly message: MessageEntry; readonly isFirst: boolean }
  | { readonly type: 'unsent'; readonly key: string; readonly message: OutboxMessage };

/** Messages of one author within this time are shown together. */
const TOGETHER_MS = 5 * 60_000;

export type RowOptions = {
  /** The number of the first message below the line of the unread ones, or null for no such line. */
  readonly newFrom: number | null;
  /** The day of a time, such as `2026-12-01`, where the reader is. */
  readonly dayOf: (time: number) => string;
};

/** Arranges messages, oldest first: a line for each new day and for what is unread, and consecutive messages of one author together. */
export function rowsOf(messages: readonly MessageEntry[], { newFrom, dayOf }: RowOptions): readonly Row[] {
  const rows: Row[] = [];
  let day = '';
  let before: MessageEntry | null = null;
  for (const message of messages) {
    const number = message.key.id[1];
    const time = timeOf(message);
    if (time !== null && dayOf(time) !== day) {
      day = dayOf(time);
      rows.push({ type: 'day', key: `day ${day} ${number}`, time });
      before = null;
    }
    if (number === newFrom) {
      rows.push({ type: 'new', key: 'new' });
      before = null;
    }
    rows.push({ type: 'message', key: String(number), message, isFirst: !belongTogether(before, message) });
    before = message;
  }
  return rows;
}

function timeOf(message: MessageEntry): number | null {
  return 'deleted' in message ? null : message.time;
}

function belongTogether(before: MessageEntry | null, message: MessageEntry): boolean {
  if (before === null || 'deleted' in before || 'deleted' in message) return false;
  if (message.reply_to !== undefined) return false;
  const isSameAuthor = before.sender.key.id === message.sender.key.id && before.sender.name === message.sender.name;
  return isSameAuthor && Math.abs(message.time - before.time) < TOGETHER_MS;
}
