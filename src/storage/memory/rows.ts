import type { Account } from '../../core/model/account.ts';
import type { Ban, Mute, ReadPosition, TakenName, Relationship } from '../../core/model/entries.ts';
import type { MessageId, PersonId, RoomId } from '../../core/model/ids.ts';
import type { Member } from '../../core/model/member.ts';
import type { Message } from '../../core/model/message.ts';
import type { Snapshot } from '../../core/ports.ts';
import type { RoomRow } from '../../core/model/room.ts';
import type { Credential, RowChange, DeliveryMarkerRow } from '../../core/state/projection.ts';
import type { Token } from '../../core/model/token.ts';
import type { SnapshotTables } from '../snapshot.ts';
import { inner, JsonGroups, JsonMap, parse } from './json-map.ts';

type Put = Extract<RowChange, { op: 'put' }>;
type Drop = Extract<RowChange, { op: 'drop' }>;
type DropAll = Extract<RowChange, { op: 'drop-all' }>;

/** The tables of current state in memory. */
export class Rows implements SnapshotTables {
  readonly #rooms = new JsonMap<RoomId, RoomRow>();
  /** Each room's messages as JSON, the one with number 1 first. */
  readonly #messages = new Map<RoomId, string[]>();
  readonly #places = new Map<MessageId, { readonly room: RoomId; readonly number: number }>();
  readonly #mutes = new JsonGroups<RoomId, string, Mute>();
  readonly #members = new JsonGroups<RoomId, PersonId, Member>();
  /** The same members, by person. */
  readonly #memberships = new JsonGroups<PersonId, RoomId, Member>();
  readonly #bans = new JsonMap<string, Ban>();
  readonly #names = new JsonMap<string, TakenName>();
  readonly #accounts = new JsonMap<string, Account>();
  readonly #credentials = new JsonMap<PersonId, Credential>();
  readonly #contacts = new JsonGroups<PersonId, PersonId, Relationship>();
  readonly #blocks = new JsonGroups<PersonId, PersonId, Relationship>();
  readonly #read = new JsonGroups<PersonId, RoomId, ReadPosition>();
  readonly #tokens = new JsonMap<string, Token>();
  readonly #shown = new JsonMap<PersonId, DeliveryMarkerRow>();

  ofDirectory(): Pick<Snapshot, 'bans' | 'names' | 'accounts'> {
    return { bans: this.#bans.all(), names: this.#names.all(), accounts: this.#accounts.all() };
  }

  ofPerson(
    person: PersonId,
  ): Pick<Snapshot, 'contacts' | 'blocks' | 'memberships' | 'read' | 'passwordPosition' | 'tokens'> {
    return {
      contacts: this.#contacts.all(person).map(({ other }) => other),
      blocks: this.#blocks.all(person).map(({ other }) => other),
      memberships: this.#memberships.all(person),
      read: this.#read.all(person),
      passwordPosition: this.#credentials.get(person)?.position ?? null,
      tokens: this.#tokensOf(person),
    };
  }

  ofRoom(room: RoomId): Pick<Snapshot, 'lastNumber' | 'room' | 'mutes' | 'members'> {
    return {
      lastNumber: this.messages(room, Infinity, 1)[0]?.number ?? 0,
      room: this.#rooms.get(room),
      mutes: this.#mutes.all(room),
      members: this.#members.all(room),
    };
  }

  /** The last `limit` messages below a number, in ascending number. */
  messages(room: RoomId, before: number, limit: number): Message[] {
    const below = this.#messages.get(room)?.slice(0, Math.max(0, before - 1)) ?? [];
    return below.slice(Math.max(0, below.length - limit)).map((row) => parse<Message>(row));
  }

  message(id: MessageId): Message | null {
    const place = this.#places.get(id);
    const row = place && this.#messages.get(place.room)?.[place.number - 1];
    return row === undefined ? null : parse<Message>(row);
  }

  credential(person: PersonId): Credential | null {
    return this.#credentials.get(person) ?? null;
  }

  token(digest: string): Token | null {
    return this.#tokens.get(digest);
  }

  deliveryMarkers(person: PersonId): DeliveryMarkerRow['rooms'] {
    return this.#shown.get(person)?.rooms ?? [];
  }

  put({ table, row }: Put): void {
    switch (table) {
      case 'room':
        return this.#rooms.put(row.id, row);
      case 'message':
        inner(this.#messages, row.room, () => [])[row.number - 1] = JSON.stringify(row);
        this.#places.set(row.id, { room: row.room, number: row.number });
        return;
      case 'mute':
        return this.#mutes.put(row.room, row.skeleton, row);
      case 'member':
        this.#members.put(row.room, row.person, row);
        return this.#memberships.put(row.person, row.room, row);
      case 'ban':
        return this.#bans.put(row.skeleton, row);
      case 'name':
        return this.#names.put(row.skeleton, row);
      case 'account':
        return this.#accounts.put(row.skeleton, row);
      case 'credential':
        return this.#credentials.put(row.person, row);
      case 'contact':
        return this.#contacts.put(row.person, row.other, row);
      case 'block':
        return this.#blocks.put(row.person, row.other, row);
      case 'read':
        return this.#read.put(row.person, row.room, row);
      case 'token':
        return this.#tokens.put(row.digest, row);
      case 'shown':
        return this.#shown.put(row.person, row);
    }
  }

  drop(change: Drop): void {
    switch (change.table) {
      case 'mute':
        return this.#mutes.drop(change.room, change.skeleton);
      case 'ban':
        return this.#bans.drop(change.skeleton);
      case 'member':
        this.#members.drop(change.room, change.person);
        return this.#memberships.drop(change.person, change.room);
      case 'contact':
        return this.#contacts.drop(change.person, change.other);
      case 'block':
        return this.#blocks.drop(change.person, change.other);
      case 'token':
        return this.#tokens.drop(change.digest);
    }
  }

  dropAll({ person }: DropAll): void {
    for (const { digest } of this.#tokensOf(person)) this.#tokens.drop(digest);
  }

  #tokensOf(person: PersonId): Token[] {
    return this.#tokens.all().filter((token) => token.person === person); // STORE-57
  }
}
