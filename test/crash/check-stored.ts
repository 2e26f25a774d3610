import { checkViews } from './check-views.ts';
import type { ToldOfMessages } from './client-log.ts';

export type StoredMessage = {
  readonly id: string;
  readonly room: number;
  readonly number: number;
  readonly text: string;
};

/** What a database has, read by its own SQL. */
export type Stored = {
  /** All entries by stream and position; `body` is JSON. */
  readonly entries: readonly { readonly name: string; readonly position: number; readonly body: string }[];
  /** The messages as they are now, as JSON. */
  readonly current: readonly string[];
};

export type DatabaseCheck = {
  readonly messages: number;
  readonly entries: number;
  readonly problems: readonly string[];
};

type Body = { readonly type: string; readonly message?: StoredMessage };

/** Compares what is stored with what clients were told before it was read. */
export function checkStored({ entries: rows, current }: Stored, told: ToldOfMessages): DatabaseCheck {
  const problems: string[] = [];
  const positions = new Map<string, number>();
  for (const { name, position } of rows) {
    if (position !== (positions.get(name) ?? 0) + 1)
      problems.push(`${name}: position ${position} after ${positions.get(name) ?? 0}`);
    positions.set(name, position);
  }
  const entries = rows.map(({ body }) => JSON.parse(body) as Body);
  const posted = entries.flatMap(({ type, message }) => (type === 'message-posted' && message ? [message] : []));
  const versions = new Set(entries.flatMap(({ message }) => (message ? [`${message.id} ${message.text}`] : [])));
  const counts = new Map<string, number>();
  for (const { text } of posted) counts.set(text, (counts.get(text) ?? 0) + 1);

  const numbers = new Map<number, number>();
  for (const { room, number } of posted) {
    const expected = (numbers.get(room) ?? 0) + 1;
    if (number !== expected) problems.push(`message ${expected} of room ${room} has the number ${number}`);
    numbers.set(room, number);
  }
  for (const text of told.posted) {
    const found = counts.get(text) ?? 0;
    if (found !== 1) problems.push(`"${text}" was acknowledged once and is stored ${found} times`);
  }
  for (const [text, found] of counts) if (found > 1) problems.push(`"${text}" is stored ${found} times`);
  for (const { id, text } of [...told.edited, ...told.shown])
    if (!versions.has(`${id} ${text}`)) problems.push(`"${text}" (${id}) was acknowledged or shown and is not stored`);
  const everStored = new Set(entries.flatMap(({ message }) => (message ? [message.text] : [])));
  for (const text of told.shownTexts) if (!everStored.has(text)) problems.push(`"${text}" was shown and is not stored`);
  for (const { text } of told.refused) if (everStored.has(text)) problems.push(`"${text}" was refused and is stored`);
  const last = new Map(entries.flatMap(({ message }) => (message ? [[message.id, message] as const] : [])));
  for (const body of current) {
    const message = JSON.parse(body) as StoredMessage;
    if (last.get(message.id)?.text !== message.text) problems.push(`the table and the stream differ on ${message.id}`);
  }
  if (current.length !== posted.length)
    problems.push(`${posted.length} messages in the stream, ${current.length} in the table`);
  return {
    messages: posted.length,
    entries: entries.length,
    problems: [...problems, ...checkViews(posted, told.views)],
  };
}
