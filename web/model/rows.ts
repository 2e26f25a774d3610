import type { KeyOf, MessageEntry, OutboxMessage, SentFile } from '../../src/protocols/documents/client.ts';

/**
 * One's own message that is not on a page yet. `posted`: the server has it, and its page is about to show it. `queued`: it waits for
 * its file, or behind a message that does.
 */
export type UnsentMessage = {
  readonly id: string;
  readonly text: string;
  readonly replyTo?: KeyOf<'msg'>;
  readonly file?: SentFile;
  readonly state: OutboxMessage['state'] | 'posted' | 'queued';
  readonly error?: OutboxMessage['error'];
};

/** What a conversation shows, from top to bottom. */
export type Row =
  | { readonly type: 'day'; readonly key: string; readonly time: number }
  /** The line above the first unread message. */
  | { readonly type: 'new'; readonly key: string }
  /** `isFirst`: the author and the time are shown, since somebody else spoke before, or long ago. */
  | { readonly type: 'message'; readonly key: string; readonly message: MessageEntry; readonly isFirst: boolean }
  | { readonly type: 'unsent'; readonly key: string; readonly message: UnsentMessage; readonly isFirst: boolean };

/** Messages of one author within this time are shown together. */
const TOGETHER_MS = 5 * 60_000;

export type RowOptions = {
  /** The person who reads. */
  readonly self: number;
  /** The number of the first message that may be unread, or null for no line. */
  readonly newFrom: number | null;
  /** The lowest number that the messages could have. */
  readonly first: number;
  /** The day of a time, such as `2026-12-01`, where the reader is. */
  readonly dayOf: (time: number) => string;
  /** The messages that are not on a page, and the time that they are shown with. */
  readonly unsent: readonly UnsentMessage[];
  readonly now: number;
};

/** What the next row depends on. */
type Before = { readonly author: string; readonly time: number } | null;

/** Arranges messages, oldest first: a line for each new day and for what is unread, and consecutive messages of one author together. */
export function rowsOf(messages: readonly MessageEntry[], options: RowOptions): readonly Row[] {
  const rows: Row[] = [];
  const { self, newFrom, first, dayOf, unsent, now } = options;
  const days = new Map<string, number>();
  let day = '';
  let before: Before = null;
  let isNewDue = newFrom !== null && newFrom >= first;

  const beginDay = (time: number) => {
    if (dayOf(time) === day) return;
    day = dayOf(time);
    const count = (days.get(day) ?? 0) + 1;
    days.set(day, count);
    // A clock that was set back begins a day once more.
    rows.push({ type: 'day', key: `day ${day} ${count}`, time });
    before = null;
  };

  for (const message of messages) {
    const number = message.key.id[1];
    const isDeleted = 'deleted' in message;
    if (!isDeleted) beginDay(message.time); // WEB-45
    if (isNewDue && number >= (newFrom ?? 0) && !isDeleted && message.sender.key.id !== self) {
      rows.push({ type: 'new', key: 'new' }); // WEB-43
      isNewDue = false;
      before = null;
    }
    const [after, isReply] = isDeleted ? [null, false] : [authorOf(message), message.reply_to !== undefined];
    const isFirst = isReply || !belongTogether(before, after);
    rows.push({ type: 'message', key: String(number), message, isFirst });
    before = after;
  }
  const last = messages.at(-1);
  const name = last !== undefined && !('deleted' in last) && last.sender.key.id === self ? last.sender.name : '';
  for (const message of unsent) {
    beginDay(now);
    const after = { author: `${self} ${name}`, time: now };
    const isFirst = message.replyTo !== undefined || !belongTogether(before, after);
    rows.push({ type: 'unsent', key: message.id, message, isFirst }); // WEB-60
    before = after;
  }
  return rows;
}

function authorOf({ sender, time }: Exclude<MessageEntry, { deleted: true }>): NonNullable<Before> {
  return { author: `${sender.key.id} ${sender.name}`, time };
}

function belongTogether(before: Before, after: Before): boolean {
  if (before === null || after === null) return false;
  return before.author === after.author && Math.abs(after.time - before.time) < TOGETHER_MS;
}
