import type { Entry, EntryBody } from '../../src/core/model/entries.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../../src/core/model/ids.ts';
import type { FileInfo } from '../../src/core/model/file.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { AppendItem, AppendResult, Clock, Once, Search, Snapshot } from '../../src/core/ports.ts';
import { parseQuery } from '../../src/lib/search/query.ts';
import { project } from '../../src/core/state/projection.ts';
import type { RoomMarkers, RowChange } from '../../src/core/model/rows.ts';
import type { StoredSession } from '../../src/core/model/session.ts';

/** A message as it is after it was posted. Its id follows from room and number. */
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

/** An item that appends these entries at their positions, with the projected rows. */
export function itemOf(entries: readonly Entry[], once?: Once): AppendItem {
  const byStream = Map.groupBy(entries, ({ stream }) => stream);
  const writes = [...byStream].map(([stream, own]) => ({
    stream,
    expected: (own[0]?.position ?? 1) - 1,
    entries: own.map(({ body }) => body),
  }));
  return { writes, rows: entries.flatMap(project), ...(once && { once }) };
}

/** An entry of a room that has only posted messages, so that number and position are equal. */
export function posted(room: RoomId, number: number, text = `message ${number}`): Entry {
  return inRoom(room, number, { type: 'message-posted', message: message(room, number, number, text), at: 5 });
}

export function edited(before: Message, position: number, text: string): Entry {
  const after = { ...before, text, editedAt: 9, edits: [...before.edits, position] };
  return inRoom(before.room, position, { type: 'message-edited', message: after, at: 9 });
}

export function deleted(before: Message, position: number): Entry {
  const { file: _file, ...kept } = before;
  return inRoom(before.room, position, {
    type: 'message-deleted',
    message: { ...kept, text: '', deletedAt: 9 },
    at: 9,
  });
}

export function inRoom(room: RoomId, position: number, body: EntryBody): Entry {
  return { stream: roomStream(room), position, body };
}

export function inDirectory(position: number, body: EntryBody): Entry {
  return { stream: directoryStream, position, body };
}

/** The result types of a batch, in order. */
export function resultTypes(results: readonly AppendResult[]): string[] {
  return results.map(({ type }) => type);
}

/** An idempotency key that expires after `ms`. */
export function onceAt(clock: Pick<Clock, 'now'>, ms: number): Once {
  return { scope: 'person/7', key: 'key', digest: 'digest', result: 'result', expires: clock.now() + ms };
}

export function ofPerson(person: PersonId, position: number, body: EntryBody): Entry {
  return { stream: personStream(person), position, body };
}

/** An entry that sets a password; `replaces` is the position of the entry that it replaces. */
export function passwordSet(person: PersonId, position: number, verifier: string, replaces: number | null): Entry {
  return ofPerson(person, position, { type: 'password-set', person, verifier, replaces, at: 1 });
}

export function relationship(
  person: number,
  position: number,
  type: 'contact-added' | 'contact-removed' | 'block-added' | 'block-removed',
  other: number,
): Entry {
  return ofPerson(person, position, { type, person, other, at: 1 });
}

export function tokenIssued(person: PersonId, position: number, digest: string, expires = 9): Entry {
  return ofPerson(person, position, { type: 'token-issued', token: { digest, person, issuedAt: 1, expires }, at: 1 });
}

/** What is known of a file with this id. */
export function fileInfo(id: string, digest = `digest of ${id}`): FileInfo {
  const address = `/files/${id}/cat.png`;
  return { id, address, origin: 'http://a', name: 'cat.png', size: 9, type: 'image/png', width: 3, height: 2, digest };
}

/** An entry of a file that a person uploaded. */
export function uploaded(person: PersonId, position: number, id: string, at = 1): Entry {
  return ofPerson(person, position, { type: 'file-uploaded', upload: { ...fileInfo(id), person, position, at }, at });
}

/** An entry that ends an upload; `before` is the position of the entry that it ends. */
export function uploadEnded(person: PersonId, position: number, id: string, before: number): Entry {
  return ofPerson(person, position, { type: 'upload-ended', person, id, uploaded: before, at: 1 });
}

/** An entry as of `posted`, with a file. */
export function postedFile(room: RoomId, number: number, id: string): Entry {
  const sent = { ...message(room, number, number, `file ${id}`), file: fileInfo(id) };
  return inRoom(room, number, { type: 'message-posted', message: sent, at: 5 });
}

/** An invitation of person 7 that two people may use. */
export function invitationMade(room: RoomId, position: number, digest: string): Entry {
  const invitation = { digest, room, maker: 7, until: 9, usesLeft: 2 };
  return inRoom(room, position, { type: 'invitation-made', invitation, at: 1 });
}

/** An item that has no entry. */
export function rowsItem(...rows: readonly RowChange[]): AppendItem {
  return { writes: [], rows };
}

export function markerItem(person: PersonId, rooms: RoomMarkers): AppendItem {
  return rowsItem(
    ...rooms.map(([room, number]): RowChange => ({ op: 'put', table: 'shown', row: { person, room, number } })),
  );
}

/** An item that writes a session with what it subscribes to. */
export function sessionItem({ documents, ...row }: StoredSession): AppendItem {
  const { digest: session, person } = row;
  const subscriptions = documents.map(
    (document): RowChange => ({ op: 'put', table: 'subscription', row: { session, document, person } }),
  );
  return rowsItem({ op: 'put', table: 'session', row }, ...subscriptions);
}

/** A search of person 7 for messages, unless `more` says otherwise. */
export function searchFor(text: string, more: Partial<Search>): Search {
  const query = parseQuery(text);
  if (!query.ok) throw new TypeError(`nothing can be found by ${text}`);
  return {
    query: query.value,
    kinds: ['message'],
    reader: 7,
    rooms: [],
    author: null,
    before: null,
    limit: 50,
    ...more,
  };
}

/** Sorts the lists of a snapshot, whose order storage does not promise. */
export function sorted(snapshot: Snapshot): Snapshot {
  const inOrder = <T>(list: readonly T[]): T[] =>
    list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return {
    ...snapshot,
    mutes: inOrder(snapshot.mutes),
    members: inOrder(snapshot.members),
    roomBans: inOrder(snapshot.roomBans),
    invitations: inOrder(snapshot.invitations),
    bans: inOrder(snapshot.bans),
    names: inOrder(snapshot.names),
    accounts: inOrder(snapshot.accounts),
    units: inOrder(snapshot.units),
    unitMembers: inOrder(snapshot.unitMembers),
    contacts: inOrder(snapshot.contacts),
    blocks: inOrder(snapshot.blocks),
    uploads: inOrder(snapshot.uploads),
    memberships: inOrder(snapshot.memberships),
    read: inOrder(snapshot.read),
    tokens: inOrder(snapshot.tokens),
  };
}
