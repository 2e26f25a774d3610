import { isPersonIn, isOpen } from './commands/permissions.ts';
import type { Account } from './model/account.ts';
import type { Entry, Membership, Mute } from './model/entries.ts';
import { type MessageId, type PersonId, personStream, type RoomId, roomStream, type UnitId } from './model/ids.ts';
import type { Member } from './model/member.ts';
import type { Message } from './model/message.ts';
import type { RoomRow } from './model/room.ts';
import { EVERYONE, type Unit } from './model/unit.ts';
import type { MessagePage } from './ports.ts';
import { isVisible } from './presence/presence.ts';
import type { ServiceContext } from './services/context.ts';
import type { People, PersonView } from './services/people.ts';
import type { ReadPositions } from './services/read-positions.ts';
import { peopleOf } from './state/directory.ts';
import { recentMessage } from './state/room.ts';
import { homeOf, unitOf, unitsOf } from './state/units.ts';

/** What can be read of a room that is in memory. */
export type RoomFacts = {
  readonly id: RoomId;
  readonly position: number;
  readonly lastNumber: number;
  readonly row: RoomRow;
  /** In the order of joining, as far as this node saw it. */
  readonly members: ReadonlyMap<PersonId, Member>;
  readonly mutes: ReadonlyMap<string, Mute>;
  /** The numbers of withheld messages, ascending, by their author. */
  readonly withheld: ReadonlyMap<PersonId, { readonly numbers: Pick<readonly number[], 'length' | 'at'> }>;
};

/** How a person stands to a room: in it, outside of an open one, or not to know that it exists. */
export type Standing = 'inside' | 'outside' | 'unknown';

/**
 * How views read the world: committed facts, as they are. It changes nothing but what is in memory, and leaves it to the caller
 * who may be shown what.
 */
export class WorldReader {
  readonly #context: ServiceContext;
  readonly #people: People;
  readonly #readPositions: ReadPositions;

  constructor(context: ServiceContext, people: People, readPositions: ReadPositions) {
    this.#context = context;
    this.#people = people;
    this.#readPositions = readPositions;
  }

  /** Names this history of the server: another one after a backup was restored. */
  get identity(): string {
    return this.#context.storage.identity;
  }

  get lobby(): RoomId {
    return this.#context.lobby;
  }

  /** The accounts, in the order in which they were made. */
  get accounts(): Iterable<Account> {
    return this.#people.accounts;
  }

  account(person: PersonId): Account | undefined {
    return this.#people.account(person);
  }

  /** All units, `everyone` first. */
  get units(): readonly Unit[] {
    const { directory } = this.#context;
    return directory === undefined ? [] : unitsOf(directory);
  }

  /** The unit in which clients begin. */
  get homeUnit(): UnitId {
    const { directory } = this.#context;
    return directory === undefined ? EVERYONE : homeOf(directory).id; // WORLD-151
  }

  unit(id: UnitId): Unit | undefined {
    const { directory } = this.#context;
    return directory && unitOf(directory, id);
  }

  /** The accounts that are in a unit itself; all accounts for `everyone`. */
  unitPeople(unit: UnitId): Iterable<PersonId> {
    const { directory } = this.#context;
    if (directory === undefined) return [];
    return (unit === EVERYONE ? directory.people : peopleOf(directory, unit)).keys(); // WORLD-145
  }

  /** Whether an account is in a unit itself. */
  isInUnit(unit: UnitId, person: PersonId): boolean {
    const { directory } = this.#context;
    if (directory === undefined) return false;
    return (unit === EVERYONE ? directory.people : peopleOf(directory, unit)).has(person); // WORLD-145
  }

  /** The guests who are present and visible, in order of entering: all of them are in the lobby. */
  get guests(): PersonId[] {
    return this.#people.visible.filter(({ account }) => !account).map(({ person }) => person);
  }

  /** The number of people in a room, guests in the lobby included. */
  sizeOf({ id, members }: Pick<RoomFacts, 'id' | 'members'>): number {
    return members.size + (id === this.#context.lobby ? this.#context.presence.visibleGuests : 0); // VIEW-47
  }

  /** A person as others see one; undefined for a guest who is absent or invisible. */
  person(person: PersonId): PersonView | undefined {
    return this.#people.view(person);
  }

  /** Whether a present person is visible to others. */
  isVisible(person: PersonId): boolean {
    const record = this.#context.presence.get(person);
    return record !== undefined && isVisible(record);
  }

  /** The name of a person who is present, also of an invisible one. */
  presentName(person: PersonId): string | undefined {
    return this.#context.presence.get(person)?.name;
  }

  /** The contacts of a person who is present on this node; empty for others. */
  contacts(person: PersonId): ReadonlySet<PersonId> {
    return this.#people.contactsOf(person);
  }

  /** The people blocked by a person who is present on this node; empty for others. */
  blocks(person: PersonId): ReadonlySet<PersonId> {
    return this.#people.blocksOf(person);
  }

  /** The rooms that a person who is present on this node has joined; empty for others. A guest's lobby is not among them. */
  memberships(person: PersonId): ReadonlyMap<RoomId, Membership> {
    return this.#context.person(person)?.rooms ?? new Map();
  }

  /** The direct that a person who is present on this node has with another; undefined for others. */
  directWith(person: PersonId, other: PersonId): RoomId | undefined {
    return this.#context.person(person)?.directs.get(other);
  }

  /** Up to which message a person who is present on this node has read in a room; 0 for others. */
  readPosition(person: PersonId, room: RoomId): number {
    return this.#context.person(person)?.read.get(room) ?? 0;
  }

  /** The committed position of a person's stream, 0 if it is not in memory. */
  personPosition(person: PersonId): number {
    return this.#context.committed.position(personStream(person));
  }

  /** A room; undefined if it is not in memory or was never made. */
  room(id: RoomId): RoomFacts | undefined {
    const state = this.#context.room(id);
    const row = state?.row ?? null;
    return state === undefined || row === null ? undefined : (state as typeof state & { row: RoomRow });
  }

  /** A message of a room in memory that changed not long ago, as it is now; undefined for others. */
  recentMessage(room: RoomId, id: MessageId): Message | undefined {
    const state = this.#context.room(room);
    return state && recentMessage(state, id);
  }

  /** How a person stands to a room, which must be in memory: otherwise it counts as unknown. */
  standing(person: PersonId, id: RoomId): Standing {
    const record = this.#context.presence.get(person);
    const room = this.#context.room(id);
    if (record === undefined || room === undefined) return 'unknown';
    if (isPersonIn(room, person, !record.account, this.#context.lobby)) return 'inside';
    return isOpen(room) ? 'outside' : 'unknown'; // WORLD-71
  }

  /** How far the furthest of the others has read in a held room; 0 without any. */
  readByOthers(room: RoomId, person: PersonId): number {
    return this.#readPositions.ofOthers(room, person);
  }

  /**
   * Loads a room, with how far people have read, and keeps it in memory until `releaseRoom` is called as often; rejects when
   * storage is unavailable.
   */
  async holdRoom(room: RoomId): Promise<void> {
    const { cache } = this.#context;
    cache.pin(roomStream(room));
    try {
      await cache.load([roomStream(room)]);
      await this.#readPositions.hold(room);
    } catch (error) {
      cache.unpin(roomStream(room));
      throw error;
    }
  }

  releaseRoom(room: RoomId): void {
    this.#context.cache.unpin(roomStream(room));
    this.#readPositions.release(room);
  }

  /** Messages as storage has them, with the names that their authors had then; rejects when storage is unavailable. */
  messages(room: RoomId, before: number | null, limit: number): Promise<MessagePage> {
    return this.#context.storage.page(room, before, limit);
  }

  /** At most `limit` entries of a room after a position, in order; rejects when storage is unavailable. */
  entries(room: RoomId, after: number, limit: number): Promise<readonly Entry[]> {
    return this.#context.storage.entries(roomStream(room), after, limit);
  }
}
