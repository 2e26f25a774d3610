import { mapOf, mapWith, mapWithout, setOf, setWith, setWithout } from '../../lib/immutable.ts';
import type { Membership, PersonEntry } from '../model/entries.ts';
import type { Upload } from '../model/file.ts';
import type { PersonId, RoomId } from '../model/ids.ts';
import type { Token } from '../model/token.ts';
import type { Snapshot } from '../ports.ts';

/**
 * What decisions need of a person: relationships, rooms with their read positions, and tokens. It is immutable: an entry
 * makes a new one. So committed and optimistic state share one copy, which saves memory with many people present.
 */
export type PersonState = {
  readonly id: PersonId;
  readonly position: number;
  /** The position of the entry that set the password; null without a password. */
  readonly passwordPosition: number | null;
  readonly contacts: ReadonlySet<PersonId>;
  readonly blocks: ReadonlySet<PersonId>;
  readonly rooms: ReadonlyMap<RoomId, Membership>;
  /** The direct with each other person. */
  readonly directs: ReadonlyMap<PersonId, RoomId>;
  readonly read: ReadonlyMap<RoomId, number>;
  /** By digest. */
  readonly tokens: ReadonlyMap<string, Token>;
  /** The files that no message names yet, by id. */
  readonly uploads: ReadonlyMap<string, Upload>;
};

/** A person as loaded from storage. */
export function openPerson(id: PersonId, snapshot: Snapshot): PersonState {
  const rooms = snapshot.memberships.map(({ room, other, since }): Membership => ({ person: id, room, other, since }));
  return {
    id,
    position: snapshot.position,
    passwordPosition: snapshot.passwordPosition,
    contacts: setOf(snapshot.contacts),
    blocks: setOf(snapshot.blocks),
    rooms: mapOf(rooms.map((membership) => [membership.room, membership])),
    directs: mapOf(rooms.flatMap(({ room, other }) => (other === null ? [] : [[other, room]]))),
    read: mapOf(snapshot.read.map(({ room, number }) => [room, number])),
    tokens: mapOf(snapshot.tokens.map((token) => [token.digest, token])),
    uploads: mapOf(snapshot.uploads.map((upload) => [upload.id, upload])),
  };
}

/** The person after an entry, which must be the next of the stream. */
export function personAfter(person: PersonState, position: number, entry: PersonEntry): PersonState {
  return { ...person, position, ...changeOf(person, position, entry) };
}

function changeOf(person: PersonState, position: number, entry: PersonEntry): Partial<PersonState> {
  switch (entry.type) {
    case 'password-set':
      return { passwordPosition: position };
    case 'contact-added':
      return { contacts: setWith(person.contacts, entry.other) };
    case 'contact-removed':
      return { contacts: setWithout(person.contacts, entry.other) };
    case 'block-added':
      return { blocks: setWith(person.blocks, entry.other) };
    case 'block-removed':
      return { blocks: setWithout(person.blocks, entry.other) };
    case 'room-joined':
      return joined(person, entry.membership);
    case 'room-left':
      return { rooms: mapWithout(person.rooms, entry.room) };
    case 'room-read':
      return { read: mapWith(person.read, entry.room, entry.number) };
    case 'token-issued':
      return { tokens: mapWith(person.tokens, entry.token.digest, entry.token) };
    case 'token-revoked':
      return { tokens: mapWithout(person.tokens, entry.digest) };
    case 'tokens-revoked':
      return { tokens: mapOf([]) };
    case 'file-uploaded':
      return { uploads: mapWith(person.uploads, entry.upload.id, entry.upload) };
    case 'upload-ended':
      return { uploads: mapWithout(person.uploads, entry.id) };
    case 'person-erased':
      return { ...NOTHING_KEPT, passwordPosition: null };
  }
}

const NOTHING_KEPT = {
  contacts: setOf<PersonId>([]),
  blocks: setOf<PersonId>([]),
  read: mapOf<RoomId, number>([]),
  tokens: mapOf<string, Token>([]),
  uploads: mapOf<string, Upload>([]),
};

function joined({ rooms, directs }: PersonState, membership: Membership): Partial<PersonState> {
  const { room, other } = membership;
  return { rooms: mapWith(rooms, room, membership), directs: other === null ? directs : mapWith(directs, other, room) };
}
