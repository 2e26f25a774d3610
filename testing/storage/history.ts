import type { Account } from '../../src/core/model/account.ts';
import type { Entry, EntryBody } from '../../src/core/model/entries.ts';
import {
  directoryStream,
  type PersonId,
  personStream,
  type RoomId,
  roomStream,
  type StreamId,
  type UnitId,
} from '../../src/core/model/ids.ts';
import type { FileInfo, Upload } from '../../src/core/model/file.ts';
import type { Invitation } from '../../src/core/model/invitation.ts';
import type { Member } from '../../src/core/model/member.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { AppendItem, MessagePage, Snapshot, Storage } from '../../src/core/ports.ts';
import type { Credential, RoomMarkers } from '../../src/core/model/rows.ts';
import type { StoredSession } from '../../src/core/model/session.ts';
import type { Token } from '../../src/core/model/token.ts';
import type { Unit } from '../../src/core/model/unit.ts';
import type { SeededRandom } from '../random.ts';
import { deleted, edited, fileInfo, itemOf, message, markerItem, rowsItem, sessionItem, sorted } from './samples.ts';

/** The rooms, people, units and streams of a random history. */
const ROOMS: readonly RoomId[] = [1, 2];
const PEOPLE: readonly PersonId[] = [3, 4, 5];
const UNITS: readonly UnitId[] = [6, 7];
/** The digests of a person's tokens and sessions. */
const digestsOf = (person: PersonId): readonly string[] => [1, 2, 3].map((number) => `digest ${number} of ${person}`);
/** The digests of a room's invitations. */
const codesOf = (room: RoomId): readonly string[] => [1, 2].map((number) => `code ${number} of ${room}`);
export const STREAMS: readonly StreamId[] = [directoryStream, ...ROOMS.map(roomStream), ...PEOPLE.map(personStream)];

/** The kinds of items without entries. */
type RowsKind = 'markers' | 'session' | 'session-ended' | 'unsubscribed';

/** The kinds of items. A join or leave is one item with two entries. */
type Kind = Exclude<EntryBody['type'], 'room-joined' | 'room-left'> | RowsKind;

/** How many items of each kind a round has. */
const ROUND: { readonly [kind in Kind]: number } = {
  'message-posted': 3,
  'message-edited': 2,
  'message-deleted': 1,
  'room-created': 1,
  'room-renamed': 1,
  'person-muted': 1,
  'person-unmuted': 1,
  'member-joined': 2,
  'member-changed': 1,
  'member-left': 1,
  'member-banned': 2,
  'member-unbanned': 1,
  'invitation-made': 2,
  'invitation-used': 1,
  'invitation-ended': 1,
  'password-set': 2,
  'contact-added': 1,
  'contact-removed': 1,
  'block-added': 1,
  'block-removed': 1,
  'room-read': 1,
  'token-issued': 3,
  'token-revoked': 1,
  'tokens-revoked': 1,
  'file-uploaded': 3,
  'upload-ended': 1,
  'name-taken': 1,
  'account-created': 1,
  'account-changed': 1,
  'account-deleted': 1,
  'person-erased': 1,
  'unit-created': 2,
  'unit-changed': 1,
  'unit-removed': 1,
  'unit-member-added': 4,
  'unit-member-removed': 1,
  'ban-set': 1,
  'ban-lifted': 1,
  markers: 1,
  session: 4,
  'session-ended': 1,
  unsubscribed: 1,
};

/** The number of items in which every kind occurs. */
export const ROUND_LENGTH = Object.values(ROUND).reduce((sum, count) => sum + count, 0);

const ROOM_OPTIONS = [
  { name: 'Hall' },
  { name: 'Hall', displayName: 'The hall', closed: true as const },
  {
    name: '',
    people: [
      { id: 3, name: 'Ada' },
      { id: 4, name: 'Bob' },
    ] as const,
  },
];
const MESSAGE_OPTIONS = [
  {},
  { replyTo: 1, via: 'c2' },
  { font: { family: 'Arial', color: '#102030', style: 'b' } },
  { withheld: true as const },
];

/** A valid sequence of random items of every kind, in some rooms, people and the directory. */
export function randomHistory(random: SeededRandom, length: number): AppendItem[] {
  const positions = new Map<StreamId, number>();
  const messages = new Map<RoomId, Message[]>();
  const members = new Map<string, Member>();
  const passwords = new Map<PersonId, number>();
  const uploads = new Map<PersonId, Upload[]>();
  let posts = 0;
  let round: Kind[] = [];

  function next(): AppendItem {
    if (round.length === 0) round = random.shuffle(oneRound());
    const kind = round.pop() ?? 'markers';
    const person = random.pick(PEOPLE);
    const digest = random.pick(digestsOf(person));
    switch (kind) {
      case 'markers':
        return markerItem(
          person,
          ROOMS.map((room) => [room, random.below(9)]),
        );
      case 'session': {
        const documents = ['a', 'b', 'c'].slice(random.below(4));
        const token = random.pick([{}, { token: random.pick(digestsOf(person)) }]);
        return sessionItem({ digest, person, passwordPosition: random.below(9), expires: 100, documents, ...token });
      }
      case 'session-ended':
        return rowsItem(
          { op: 'drop', table: 'session', digest },
          { op: 'drop-all', table: 'subscription', session: digest },
        );
      case 'unsubscribed':
        return rowsItem({ op: 'drop', table: 'subscription', session: digest, document: random.pick(['a', 'b', 'c']) });
      default:
        return itemOf(entries(kind));
    }
  }

  function entries(kind: Exclude<Kind, RowsKind>): Entry[] {
    const room = random.pick(ROOMS);
    const person = random.pick(PEOPLE);
    const other = random.pick(PEOPLE);
    const skeleton = `skeleton ${random.below(3)}`;
    switch (kind) {
      case 'message-posted':
      case 'message-edited':
      case 'message-deleted':
        return [messageEntry(kind, room)];
      case 'room-created':
        return [add(roomStream(room), { type: kind, room, identity: 'i', ...random.pick(ROOM_OPTIONS), at: 1 })];
      case 'room-renamed': {
        const row = {
          id: room,
          identity: 'i',
          name: 'n',
          displayName: `d ${random.below(9)}`,
          renamedAt: random.below(9),
        };
        return [add(roomStream(room), { type: kind, row, at: 1 })];
      }
      case 'member-banned': {
        const ban = { room, person, reason: `reason ${random.below(9)}`, until: random.pick([null, 5]) };
        return [add(roomStream(room), { type: kind, ban, at: 1 })];
      }
      case 'member-unbanned':
        return [add(roomStream(room), { type: kind, room, person, at: 1 })];
      case 'invitation-made':
      case 'invitation-used': {
        const uses = random.pick([null, random.below(9)]);
        const invitation = {
          digest: random.pick(codesOf(room)),
          room,
          maker: person,
          until: random.below(99),
          usesLeft: uses,
        };
        return [add(roomStream(room), { type: kind, invitation, at: 1 })];
      }
      case 'invitation-ended':
        return [add(roomStream(room), { type: kind, room, digest: random.pick(codesOf(room)), at: 1 })];
      case 'person-muted': {
        const mute = { room, person: random.pick([null, person]), skeleton, until: null };
        return [add(roomStream(room), { type: kind, mute, at: 1 })];
      }
      case 'person-unmuted':
        return [add(roomStream(room), { type: kind, room, skeleton, at: 1 })];
      case 'member-joined': {
        const membership = { room, person, other: random.pick([null, other]), since: random.below(9) };
        const member = { ...membership, name: `Person ${person}`, role: 'member' } as const;
        members.set(`${room}/${person}`, member);
        return [
          add(roomStream(room), { type: kind, member, at: 1 }),
          add(personStream(person), { type: 'room-joined', membership, at: 1 }),
        ];
      }
      case 'member-changed': {
        const role = random.pick(['owner', 'moderator'] as const);
        const before = members.get(`${room}/${person}`) ?? { room, person, name: '', other: null, since: 0 };
        return [add(roomStream(room), { type: kind, member: { ...before, role }, at: 1 })];
      }
      case 'member-left':
        return [
          add(roomStream(room), { type: kind, room, person, at: 1 }),
          add(personStream(person), { type: 'room-left', person, room, at: 1 }),
        ];
      case 'password-set':
        return [password(person)];
      case 'contact-added':
      case 'contact-removed':
      case 'block-added':
      case 'block-removed':
        return [add(personStream(person), { type: kind, person, other, at: 1 })];
      case 'room-read':
        return [add(personStream(person), { type: kind, person, room, number: random.below(99), at: 1 })];
      case 'token-issued':
        return [token(person)];
      case 'token-revoked':
        return [
          add(personStream(person), {
            type: kind,
            person,
            digest: random.pick(digestsOf(person)),
            why: random.pick(['asked', 'expired']),
            at: 1,
          }),
        ];
      case 'person-erased': {
        const replaces = passwords.get(person) ?? null;
        passwords.delete(person);
        const positions = (uploads.get(person) ?? []).map(({ position }) => position);
        uploads.delete(person);
        return [add(personStream(person), { type: kind, person, replaces, uploads: positions, at: 1 })];
      }
      case 'file-uploaded': {
        const position = nextPosition(personStream(person));
        const upload = { ...fileInfo(`upload ${position} of ${person}`), person, position, at: random.below(9) };
        uploads.set(person, [...(uploads.get(person) ?? []), upload]);
        return [add(personStream(person), { type: kind, upload, at: 1 })];
      }
      case 'upload-ended': {
        const { id = 'none', position = 0 } = uploads.get(person)?.pop() ?? {};
        return [add(personStream(person), { type: kind, person, id, uploaded: position, at: 1 })];
      }
      case 'tokens-revoked':
        return [add(personStream(person), { type: kind, person, at: 1 })];
      case 'name-taken':
        return [add(directoryStream, { type: kind, name: { skeleton, name: skeleton, room }, at: 1 })];
      case 'account-created':
      case 'account-changed':
        return [add(directoryStream, { type: kind, account: account(person, skeleton), at: 1 })];
      case 'account-deleted':
        return [add(directoryStream, { type: kind, account: { ...account(person, ''), deletedAt: 1 }, at: 1 })];
      case 'unit-created':
      case 'unit-changed':
        return [add(directoryStream, { type: kind, unit: unit(random.pick(UNITS)), at: 1 })];
      case 'unit-removed':
        return [add(directoryStream, { type: kind, id: random.pick(UNITS), at: 1 })];
      case 'unit-member-added':
      case 'unit-member-removed':
        return [add(directoryStream, { type: kind, unit: random.pick(UNITS), person, at: 1 })];
      case 'ban-set': {
        const ban = { skeleton, name: skeleton, reason: '', until: random.below(9) };
        return [add(directoryStream, { type: kind, ban, at: 1 })];
      }
      case 'ban-lifted':
        return [add(directoryStream, { type: kind, skeleton, at: 1 })];
    }
  }

  /** Changes a message, or posts a new one if there is none that can be changed. */
  function messageEntry(kind: 'message-posted' | 'message-edited' | 'message-deleted', room: RoomId): Entry {
    const own = messages.get(room) ?? [];
    messages.set(room, own);
    const position = nextPosition(roomStream(room));
    const before = own[random.below(own.length + 1)];
    if (kind === 'message-posted' || before === undefined || before.deletedAt !== null) {
      const posted = {
        ...message(room, own.length + 1, position, `posted at ${position}`),
        ...random.pick(MESSAGE_OPTIONS),
        ...(posts++ % 3 === 0 && { file: fileInfo(`file ${position} of ${room}`) }),
      };
      own.push(posted);
      return add(roomStream(room), { type: 'message-posted', message: posted, at: 1 });
    }
    const entry =
      kind === 'message-edited' ? edited(before, position, `changed at ${position}`) : deleted(before, position);
    if ('message' in entry.body) own[before.number - 1] = entry.body.message;
    return add(entry.stream, entry.body);
  }

  function password(person: PersonId): Entry {
    const position = nextPosition(personStream(person));
    const replaces = passwords.get(person) ?? null;
    passwords.set(person, position);
    const verifier = `verifier of ${person} at ${position}`;
    return add(personStream(person), { type: 'password-set', person, verifier, replaces, at: 1 });
  }

  /** Issues a new token, or extends one. */
  function token(person: PersonId): Entry {
    const digest = random.pick(digestsOf(person));
    const times = { issuedAt: random.below(9), expires: random.below(99) };
    return add(personStream(person), { type: 'token-issued', token: { digest, person, ...times }, at: 1 });
  }

  function account(person: PersonId, displayName: string): Account {
    const role = random.pick(['owner', 'moderator', 'user'] as const);
    return { person, name: `Person ${person}`, skeleton: `person ${person}`, displayName, role };
  }

  function unit(id: UnitId): Unit {
    const parent = random.pick([null, ...UNITS]);
    return { id, name: `Unit ${id}`, skeleton: `unit ${id}`, parent, ...random.pick([{}, { home: true as const }]) };
  }

  function nextPosition(stream: StreamId): number {
    return (positions.get(stream) ?? 0) + 1;
  }

  function add(stream: StreamId, body: EntryBody): Entry {
    const position = nextPosition(stream);
    positions.set(stream, position);
    return { stream, position, body };
  }

  return Array.from({ length }, next);
}

function oneRound(): Kind[] {
  const kinds = Object.keys(ROUND) as Kind[];
  return kinds.flatMap((kind) => Array<Kind>(ROUND[kind]).fill(kind));
}

/** The read methods of a store, synchronous or not. */
export type Readable = {
  readonly [method in
    | 'load'
    | 'page'
    | 'entries'
    | 'message'
    | 'credential'
    | 'token'
    | 'invitation'
    | 'session'
    | 'deliveryMarkers'
    | 'furthestReads'
    | 'relatedTo'
    | 'file'
    | 'fileBytes'
    | 'uploadsBefore'
    | 'namedDigests'
    | 'messagesBy']: (
    ...args: Parameters<Storage[method]>
  ) => Awaited<ReturnType<Storage[method]>> | ReturnType<Storage[method]>;
};

/** Everything that a store has about the streams of a random history. */
export type StoredState = {
  readonly snapshots: readonly Snapshot[];
  readonly pages: readonly MessagePage[];
  readonly entries: readonly (readonly Entry[])[];
  readonly messages: readonly (Message | null)[];
  readonly credentials: readonly (Credential | null)[];
  readonly tokens: readonly (Token | null)[];
  readonly invitations: readonly (Invitation | null)[];
  readonly sessions: readonly StoredSession[];
  readonly markers: readonly RoomMarkers[];
  readonly furthest: readonly (readonly number[])[];
  readonly related: readonly (readonly PersonId[])[];
  readonly authored: readonly string[];
  readonly files: readonly (FileInfo | null)[];
  readonly bytes: readonly number[];
  readonly uploads: readonly string[];
  readonly digests: readonly string[];
};

export async function readEverything(storage: Readable): Promise<StoredState> {
  const snapshots = await Promise.all(STREAMS.map(async (stream) => sorted(await storage.load(stream))));
  const pages = await Promise.all(ROOMS.map(async (room) => storage.page(room, null, 1_000)));
  const entries = await Promise.all(STREAMS.map(async (stream) => storage.entries(stream, 0, 1_000)));
  const ids = pages.flatMap(({ messages }) => messages.map(({ id }) => id));
  const messages = await Promise.all(ids.map(async (id) => storage.message(id)));
  const credentials = await Promise.all(PEOPLE.map(async (person) => storage.credential(person)));
  const tokens = await Promise.all(PEOPLE.flatMap(digestsOf).map(async (digest) => storage.token(digest)));
  const invitations = await Promise.all(ROOMS.flatMap(codesOf).map(async (digest) => storage.invitation(digest)));
  const stored = await Promise.all(PEOPLE.flatMap(digestsOf).map(async (digest) => storage.session(digest)));
  const sessions = stored
    .filter((session) => session !== null)
    .map((session) => ({ ...session, documents: session.documents.toSorted() }));
  const markers = await Promise.all(
    PEOPLE.map(async (person) => (await storage.deliveryMarkers(person)).toSorted(([a], [b]) => a - b)),
  );
  const furthest = await Promise.all(
    ROOMS.map(async (room) => (await storage.furthestReads(room)).map(({ number }) => number)),
  );
  const related = await Promise.all(PEOPLE.map(async (person) => [...(await storage.relatedTo(person))].toSorted()));
  const authored = (await storage.messagesBy(7, 0, 1_000)).ids.toSorted();
  const fileIds = [
    ...pages.flatMap(({ messages }) => messages.flatMap(({ file }) => file?.id ?? [])),
    ...entries.flat().flatMap(({ body }) => (body.type === 'file-uploaded' ? body.upload.id : [])),
  ];
  const files = await Promise.all(fileIds.map(async (id) => storage.file(id)));
  const bytes = await Promise.all([7, ...PEOPLE].map(async (person) => storage.fileBytes(person)));
  const uploads = (await storage.uploadsBefore(9, 1_000)).map(({ id }) => id).toSorted();
  const digests = [...(await storage.namedDigests(fileIds.map((id) => `digest of ${id}`)))].toSorted();
  const found = { files, bytes, uploads, digests };
  return {
    ...found,
    snapshots,
    pages,
    entries,
    messages,
    credentials,
    tokens,
    invitations,
    sessions,
    markers,
    furthest,
    related,
    authored,
  };
}
