import type { RoomEntry } from '../../src/protocols/documents/client.ts';

/** How many messages of a room are unread; `markedFrom` is the number of the first one that the person has marked unread. */
export function unreadOf(
  { unread, number }: Pick<RoomEntry, 'unread' | 'number'>,
  markedFrom: number | undefined,
): number {
  const marked = markedFrom === undefined ? 0 : number - markedFrom + 1;
  return Math.max(unread, marked);
}
