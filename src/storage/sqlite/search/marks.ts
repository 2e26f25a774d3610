import type { Account } from '../../../core/model/account.ts';
import type { PersonId, RoomId } from '../../../core/model/ids.ts';
import type { Message } from '../../../core/model/message.ts';
import type { RoomRow } from '../../../core/model/room.ts';
import type { Query } from '../../../lib/search/query.ts';
import { termsOf } from '../../../lib/search/terms.ts';
import { namedAccount, namedRoom } from '../../search.ts';

// What is indexed of a thing is one line of terms with blanks between them. Among them are marks, which say who may find the thing or
// who said it, and which begin with a character that no term has.

const OPEN = '\u{E000}';
/** Is between two texts, so that no phrase reaches from one into the next. */
const END = '\u{E001}';
const inRoom = (room: RoomId): string => `\u{E002}${room.toString(36)}`;
const saidBy = (person: PersonId): string => `\u{E004}${person.toString(36)}`;
const onlyFor = (person: PersonId): string => `\u{E003}${person.toString(36)}`;

/** What is indexed of a message; null for a deleted one. */
export function messageLine({ room, author, withheld, deletedAt, text }: Message): string | null {
  if (deletedAt !== null) return null; // STORE-120
  const reader = withheld === true ? onlyFor(author.id) : inRoom(room); // STORE-120
  return [reader, saidBy(author.id), ...termsOf(text)].join(' '); // STORE-126
}

/** What is indexed of an account; null for a deleted one. */
export function accountLine(account: Account): string | null {
  return lineOf([], namedAccount(account).texts);
}

/** What is indexed of a room; null for a direct. */
export function roomLine(room: RoomRow): string | null {
  return lineOf([inRoom(room.id), ...(room.closed === true ? [] : [OPEN])], namedRoom(room).texts);
}

function lineOf(marks: readonly string[], texts: readonly string[]): string | null {
  return texts.length === 0 ? null : [...marks, ...texts.flatMap((text) => [...termsOf(text), END])].join(' ');
}

/** The marks of the messages that a person who is in these rooms may find. */
export function messageMarks(reader: PersonId, rooms: readonly RoomId[]): string[] {
  return [...rooms.map(inRoom), onlyFor(reader)];
}

/** The marks of the rooms that a person who is in these rooms may find. */
export function roomMarks(rooms: readonly RoomId[]): string[] {
  return [OPEN, ...rooms.map(inRoom)];
}

/**
 * The expression of FTS5 for a query, among what has one of these marks, and of this author if one is given. Terms have no character
 * that means anything in it.
 */
export function expressionOf(query: Query, marks: readonly string[] = [], author: PersonId | null = null): string {
  const phrases = query.map(({ terms, prefix }) => quoted(terms.join(' ')) + (prefix ? ' *' : ''));
  const marked = marks.length === 0 ? [] : [`(${marks.map(quoted).join(' OR ')})`];
  return [...marked, ...(author === null ? [] : [quoted(saidBy(author))]), ...phrases].join(' AND '); // STORE-126
}

function quoted(terms: string): string {
  return `"${terms}"`; // STORE-125
}
