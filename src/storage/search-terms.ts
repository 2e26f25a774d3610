import type { Account } from '../core/model/account.ts';
import type { PersonId, RoomId } from '../core/model/ids.ts';
import type { Message } from '../core/model/message.ts';
import type { RoomRow } from '../core/model/room.ts';
import { termsOf } from '../lib/search/terms.ts';
import { namedAccount, namedRoom } from './search.ts';

// What is indexed of a thing is its terms. Among them are marks, which say who may find the thing or who said it, and which begin
// with a character that no term has.

const OPEN = '\u{E000}';
/** Is between two texts, so that no phrase reaches from one into the next. */
const END = '\u{E001}';
const inRoom = (room: RoomId): string => `\u{E002}${room.toString(36)}`;
const onlyFor = (person: PersonId): string => `\u{E003}${person.toString(36)}`;
/** The mark of what this person said. */
export const saidBy = (person: PersonId): string => `\u{E004}${person.toString(36)}`;

/** What is indexed of a message, in order; nothing of a deleted one. */
export function messageTerms({ room, author, withheld, deletedAt, text }: Message): string[] {
  if (deletedAt !== null) return []; // STORE-120
  const reader = withheld === true ? onlyFor(author.id) : inRoom(room); // STORE-120
  return [reader, saidBy(author.id), ...termsOf(text)]; // STORE-126
}

/** What is indexed of an account; nothing of a deleted one. */
export function accountTerms(account: Account): string[] {
  return namesTerms([], namedAccount(account).texts);
}

/** What is indexed of a room; nothing of a direct. */
export function roomTerms(room: RoomRow): string[] {
  return namesTerms([inRoom(room.id), ...(room.closed === true ? [] : [OPEN])], namedRoom(room).texts);
}

function namesTerms(marks: readonly string[], texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [...marks, ...texts.flatMap((text) => [...termsOf(text), END])];
}

/** The marks of the messages that a person who is in these rooms may find. */
export function messageMarks(reader: PersonId, rooms: readonly RoomId[]): string[] {
  return [...rooms.map(inRoom), onlyFor(reader)];
}

/** The marks of the rooms that a person who is in these rooms may find. */
export function roomMarks(rooms: readonly RoomId[]): string[] {
  return [OPEN, ...rooms.map(inRoom)];
}
