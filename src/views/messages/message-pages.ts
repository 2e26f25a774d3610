import type { RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { WorldReader } from '../../core/reader.ts';
import type { Page, Version, ViewAnswer } from '../answer.ts';
import { type MessagePageRequest, numbersOf, type RoomHead } from './message-numbers.ts';
import { ageOf, passedSince } from './passed.ts';
import { changedIn, headBefore } from './room-head.ts';

/**
 * A message on a page. On the old page of an answer `message` is null where it changed or is on the new page no more: what it
 * was is not kept, so whoever has the old page puts the whole new entry in its place.
 */
export type PageMessage = { readonly type: 'message'; readonly number: number; readonly message: Message | null };

/** A message without its text, by estimate. */
const ENTRY_BYTES = 500;
/** Messages between two of a page that are read along with them; more are left out by another read. */
const MOST_BETWEEN = 200;

/**
 * A page of a room's messages, for a viewer to whom `head` belongs, and what it was at an earlier version of the same identity.
 * The contents may be newer than the head, never older: what changed since a version is replaced as a whole, so the next answer
 * is right whatever the asker already has. Rejects when storage is unavailable.
 */
export async function messagePage(
  reader: Pick<WorldReader, 'messages' | 'entries'>,
  room: RoomId,
  head: RoomHead,
  request: MessagePageRequest,
  since: Version | null,
  identity: string,
): Promise<ViewAnswer<Page<PageMessage>>> {
  const version = { identity, number: head.position }; // VIEW-30
  const age = ageOf(since, version);
  if (age === 0) return { type: 'same', version };
  const { numbers, total } = numbersOf(head, request);
  const messages = await messagesOf(reader, room, numbers);
  const entries = numbers.map((number) => entryOf(number, messages.get(number) ?? null));
  const after = { entries, total };
  if (age === null) return { type: 'whole', version, value: after };
  const passed = await passedSince(reader, room, version, age);
  const changed = changedIn(passed);
  const kept = new Map(entries.filter(({ number }) => !changed.has(number)).map((entry) => [entry.number, entry]));
  const old = numbersOf(headBefore(head, passed), request); // VIEW-32
  const before = {
    entries: old.numbers.map((number) => kept.get(number) ?? entryOf(number, null)), // VIEW-35
    total: old.total,
  };
  return { type: 'changed', version, before, after };
}

function entryOf(number: number, message: Message | null): PageMessage {
  return { type: 'message', number, message };
}

/** The messages of these numbers as storage has them now; reads over small gaps between them. */
async function messagesOf(
  reader: Pick<WorldReader, 'messages'>,
  room: RoomId,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, Message>> {
  const messages = new Map<number, Message>();
  for (const { from, to } of rangesOf(numbers)) {
    const page = await reader.messages(room, to + 1, to - from + 1);
    for (const message of page.messages) messages.set(message.number, message);
  }
  return messages;
}

/** Ranges without large gaps that cover these numbers. */
function rangesOf(numbers: readonly number[]): { readonly from: number; readonly to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && number - last.to <= MOST_BETWEEN) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges;
}

/** An estimate of the bytes of an answer. */
export function bytesOfPage(answer: ViewAnswer<Page<PageMessage>>): number {
  if (answer.type === 'same') return ENTRY_BYTES;
  const { entries } = answer.type === 'whole' ? answer.value : answer.after;
  return entries.reduce((sum, { message }) => sum + ENTRY_BYTES + 2 * (message?.text.length ?? 0), ENTRY_BYTES);
}
