import { type Account, namesOf } from '../core/model/account.ts';
import type { Message } from '../core/model/message.ts';
import type { RoomRow } from '../core/model/room.ts';
import type { Search } from '../core/ports.ts';
import type { Named } from '../core/text/search/best-first.ts';
import { isFound } from '../lib/search/query.ts';

/** An account with the texts by which it is found: none for a deleted one. */
export function namedAccount(account: Account): Named<Account> {
  const texts = account.deletedAt === undefined ? namesOf(account) : []; // STORE-122
  return { value: account, id: account.person, texts };
}

/** A room with the texts by which it is found: none for a direct. */
export function namedRoom(room: RoomRow): Named<RoomRow> {
  const { id, name, displayName = name, people } = room;
  return { value: room, id, texts: people === undefined ? [name, displayName] : [] }; // STORE-123
}

/** Whether a search may find this message, and does. */
export function isFoundMessage(
  { query, reader, rooms, author: wanted }: Search,
  { room, author, withheld, deletedAt, text }: Message,
): boolean {
  if (deletedAt !== null || !rooms.includes(room)) return false; // STORE-120
  if (withheld === true && author.id !== reader) return false; // STORE-120
  if (wanted !== null && author.id !== wanted) return false; // STORE-126
  return isFound(query, [text]);
}

/** Whether a search may find this room. */
export function mayFindRoom({ rooms }: Search, { id, closed, people }: RoomRow): boolean {
  if (people !== undefined) return false; // STORE-123
  return closed !== true || rooms.includes(id); // STORE-123
}
