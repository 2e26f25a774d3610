import type { Client, KeyOf, MessageEntry } from '../../../src/protocols/documents/client.ts';
import { firstSince } from '../../model/first-since.ts';
import { PAGE_SIZE } from '../../model/page-window.ts';

/** A message by its number in the room, and when it was sent. */
type Dated = { readonly number: number; readonly time: number };

/** The first message of a room since a time; null if there is none. Rejects with a DocumentsError. */
export async function firstMessageSince(client: Client, room: KeyOf<'room'>, time: number): Promise<Dated | null> {
  const known = new Map<number, number | null>();
  const ask = async (page: number, size: number) => {
    const { entries, total } = await client.getPage(room, { view: 'asc', size, page });
    for (const entry of entries) known.set(entry.key.id[1], timeOf(entry));
    return total;
  };
  const total = await ask(1, 1);
  const found = await firstSince(total, time, async (number) => {
    // Deleted messages often stand together and are stepped over one by one, so after one a whole page is asked for.
    const isAfterDeleted = known.get(number - 1) === null;
    if (!known.has(number)) await (isAfterDeleted ? ask(Math.ceil(number / PAGE_SIZE), PAGE_SIZE) : ask(number, 1));
    return known.get(number) ?? null;
  });
  return found === null ? null : { number: found, time: known.get(found) ?? time };
}

function timeOf(entry: MessageEntry): number | null {
  return 'deleted' in entry ? null : entry.time;
}
