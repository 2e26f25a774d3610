import type { Entry, EntryBody } from '../../src/core/model/entries.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../../src/core/model/ids.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { AppendItem, AppendResult, Clock, Once, Snapshot } from '../../src/core/ports.ts';
import { project } from '../../src/core/state/projection.ts';
import { type DeliveryMarkerRow } from '../../src/core/model/rows.ts';

/** For tests: a message as it stands after it was posted; its id follows from room and number. */
export function message(room: RoomId, number: number, position: number, text: string): Message {
  return {
    id: `${room}-${number}`,
    room,
    number,
    position,
    author: { id: 7, name: 'Ada' },
    text,
    clientTime: null,
    serverTime: 1_000 + number,
    editedAt: null,
    deletedAt: null,
    edits: [],
  };
}

/** For tests: an item that appends these entries, each at the position it names, with the rows that follow from them. */
export function itemOf(entries: readonly Entry[], once?: Once): AppendItem {
  const byStream = Map.groupBy(entries, ({ stream }) => stream);
  const writes = [...byStream].map(([stream, own]) => ({
    stream,
    expected: (own[0]?.position ?? 1) - 1,
    entries: own.map(({ body }) => body),
  }));
  return { writes, rows: entries.flatMap(project), ...(once && { once }) };
}

/** For tests: an entry of a room in which nothing but messages happens, so that number and position are one. */
export function posted(room: RoomId, number: number, text = `message ${number}`): Entry {
  return inRoom(room, number, { type: 'message-posted', message: message(room, number, number, text), at: 5 });
}

export function edited(before: Message, position: number, text: string): Entry {
  const after = { ...before, text, editedAt: 9, edits: [...before.edits, position] };
  return inRoom(before.room, position, { type: 'message-edited', message: after, at: 9 });
}

export function deleted(before: Message, position: number): Entry {
  return inRoom(before.room, position, {
    type: 'message-deleted',
    message: { ...before, text: '', deletedAt: 9 },
    at: 9,
  });
}

export function inRoom(room: RoomId, position: number, body: EntryBody): Entry {
  return { stream: roomStream(room), position, body };
}

export function inDirectory(position: number, body: EntryBody): Entry {
  return { stream: directoryStream, position, body };
}

/** For tests: what each item of a batch was answered. */
export function resultTypes(results: readonly AppendResult[]): string[] {
  return results.map(({ type }) => type);
}

/** For tests: what makes an item happen once, for so many ms from now on. */
export function onceAt(clock: Pick<Clock, 'now'>, ms: number): Once {
  return { scope: 'person/7', key: 'key', digest: 'digest', result: 'result', expires: clock.now() + ms };
}

export function ofPerson(person: PersonId, position: number, body: EntryBody): Entry {
  return { stream: personStream(person), position, body };
}

/** For tests: what a person's password is checked against from this position on, instead of what `replaces` set. */
export function passwordSet(person: PersonId, position: number, verifier: string, replaces: number | null): Entry {
  return ofPerson(person, position, { type: 'password-set', person, verifier, replaces, at: 1 });
}

/** For tests: a token of a person is so from this position on. */
export function tokenIssued(person: PersonId, position: number, digest: string, expires = 9): Entry {
  return ofPerson(person, position, { type: 'token-issued', token: { digest, person, issuedAt: 1, expires }, at: 1 });
}

/** For tests: an item that follows from no entry: how far rooms were shown to a person. */
export function markerItem(person: PersonId, rooms: DeliveryMarkerRow['rooms']): AppendItem {
  return { writes: [], rows: [{ op: 'put', table: 'shown', row: { person, rooms } }] };
}

/** For tests: a snapshot promises no order of its lists; this gives them one. */
export function sorted(snapshot: Snapshot): Snapshot {
  const inOrder = <T>(list: readonly T[]): T[] =>
    list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return {
    ...snapshot,
    mutes: inOrder(snapshot.mutes),
    members: inOrder(snapshot.members),
    bans: inOrder(snapshot.bans),
    names: inOrder(snapshot.names),
    accounts: inOrder(snapshot.accounts),
    contacts: inOrder(snapshot.contacts),
    blocks: inOrder(snapshot.blocks),
    memberships: inOrder(snapshot.memberships),
    read: inOrder(snapshot.read),
    tokens: inOrder(snapshot.tokens),
  };
}
