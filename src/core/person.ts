import type { Membership, PersonEntry } from './entries.ts';
import type { PersonId, RoomId } from './ids.ts';
import type { Snapshot } from './ports.ts';
import type { Token } from './token.ts';

/** What has to be known of a person to decide for one: ties, rooms and how far each was read, and tokens. */
export type PersonState = {
  readonly id: PersonId;
  position: number;
  /** Where in the stream the password was set; null without one. */
  passwordAt: number | null;
  readonly contacts: Set<PersonId>;
  readonly blocks: Set<PersonId>;
  readonly rooms: Map<RoomId, Membership>;
  /** The room of the conversation with each other person. */
  readonly directs: Map<PersonId, RoomId>;
  readonly read: Map<RoomId, number>;
  /** By digest. */
  readonly tokens: Map<string, Token>;
};

/** A person as storage knows it. */
export function openPerson(id: PersonId, snapshot: Snapshot): PersonState {
  const person: PersonState = {
    id,
    position: snapshot.position,
    passwordAt: snapshot.passwordAt,
    contacts: new Set(snapshot.contacts),
    blocks: new Set(snapshot.blocks),
    rooms: new Map(),
    directs: new Map(),
    read: new Map(snapshot.read.map(({ room, number }) => [room, number])),
    tokens: new Map(snapshot.tokens.map((token) => [token.digest, token])),
  };
  for (const { room, other, since } of snapshot.memberships) join(person, { person: id, room, other, since });
  return person;
}

/** The same person, to be changed apart from the first. */
export function copyPerson(person: PersonState): PersonState {
  return {
    ...person,
    contacts: new Set(person.contacts),
    blocks: new Set(person.blocks),
    rooms: new Map(person.rooms),
    directs: new Map(person.directs),
    read: new Map(person.read),
    tokens: new Map(person.tokens),
  };
}

/** The entry becomes part of the person; it must be the one that follows its position. */
export function applyToPerson(person: PersonState, position: number, entry: PersonEntry): void {
  person.position = position;
  switch (entry.type) {
    case 'password-set':
      person.passwordAt = position;
      return;
    case 'contact-added':
      person.contacts.add(entry.other);
      return;
    case 'contact-removed':
      person.contacts.delete(entry.other);
      return;
    case 'block-added':
      person.blocks.add(entry.other);
      return;
    case 'block-removed':
      person.blocks.delete(entry.other);
      return;
    case 'room-joined':
      return join(person, entry.membership);
    case 'room-left':
      person.rooms.delete(entry.room);
      return;
    case 'room-read':
      person.read.set(entry.room, entry.number);
      return;
    case 'token-issued':
      person.tokens.set(entry.token.digest, entry.token);
      return;
    case 'token-revoked':
      person.tokens.delete(entry.digest);
      return;
    case 'tokens-revoked':
      person.tokens.clear();
      return;
  }
}

function join(person: PersonState, membership: Membership): void {
  person.rooms.set(membership.room, membership);
  if (membership.other !== null) person.directs.set(membership.other, membership.room);
}
