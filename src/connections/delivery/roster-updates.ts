import type { Event, RecordEvent } from '../../core/model/events.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { PersonView } from '../../core/services/people.ts';
import type { World } from '../../core/world.ts';
import type { Connection } from '../connection.ts';
import { profileFor } from '../session/lookups.ts';
import type { Profile } from '../session/session-api.ts';

const GATHER_MS = 1_000;
/** In larger rooms people get updates about their contacts only. */
const SMALL_ROOM = 200;

/** What changed for one connection since its last update. `gone` has guests by the name that they no longer have. */
type Changes = {
  readonly people: Set<PersonId>;
  readonly gone: Map<string, PersonView>;
  readonly groups: Set<RoomId>;
};

type Watching = { readonly person: PersonId; contacts: ReadonlySet<PersonId> };

/** Sends connections the people and groups that changed, gathered for a second (CONN-50). */
export class RosterUpdates {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #newId: () => string;
  readonly #world: () => World;
  readonly #watching = new Map<Connection, Watching>();
  readonly #byPerson = new Map<PersonId, Set<Connection>>();
  readonly #byContact = new Map<PersonId, Set<Connection>>();
  readonly #changes = new Map<Connection, Changes>();
  /** The small rooms that people who watch are in; null until it is asked for, once for each batch of events. */
  #watchedRooms: readonly RoomId[] | null = null;
  #scheduled = false;

  constructor(clock: Pick<Clock, 'after'>, newId: () => string, world: () => World) {
    this.#clock = clock;
    this.#newId = newId;
    this.#world = world;
  }

  /** From now on the connection gets the updates for this person. */
  watch(connection: Connection, person: PersonId): void {
    const contacts = new Set(this.#world().people.contactsOf(person));
    this.#watching.set(connection, { person, contacts });
    add(this.#byPerson, person, connection);
    for (const contact of contacts) add(this.#byContact, contact, connection);
  }

  unwatch(connection: Connection): void {
    const watching = this.#watching.get(connection);
    if (watching === undefined) return;
    this.#watching.delete(connection);
    this.#changes.delete(connection);
    remove(this.#byPerson, watching.person, connection);
    for (const contact of watching.contacts) remove(this.#byContact, contact, connection);
  }

  /** Records what a batch of events changed. */
  observe(events: readonly Event[]): void {
    if (this.#watching.size === 0) return;
    this.#watchedRooms = null;
    const guests = new Set<PersonId>();
    for (const event of events) {
      switch (event.type) {
        case 'person-entered':
          this.#personChanged(event.person.id);
          if (this.#isGuest(event.person.id)) guests.add(event.person.id); // CONN-59
          break;
        case 'person-changed':
          this.#personChanged(event.person.id);
          break;
        case 'person-left':
          if (this.#isGuest(event.person.id)) {
            this.#guestGone(event.person.id, event.person.name);
            guests.add(event.person.id);
          } else this.#personChanged(event.person.id);
          break;
        case 'person-renamed':
          this.#guestGone(event.person.id, event.before);
          this.#personChanged(event.person.id);
          guests.add(event.person.id);
          break;
        case 'room-renamed':
          this.#groupChanged(event.room); // CONN-123
          break;
        case 'member-joined':
        case 'member-changed':
        case 'member-left':
          if (event.conversation.type === 'direct') break;
          this.#groupChanged(event.room);
          this.#ownGroupChanged(event.type === 'member-left' ? event.person : event.member.person, event.room);
          break;
        default:
      }
    }
    if (guests.size > 0) this.#groupChanged(this.#world().lobby, guests);
  }

  /** Records what changed of accounts, and of relationships, which only their owners see (CONN-64). */
  recorded(events: readonly RecordEvent[]): void {
    if (this.#watching.size === 0) return;
    this.#watchedRooms = null;
    for (const event of events) {
      switch (event.type) {
        case 'account-created':
          // Others see a new account once its person is present: a guest who became it (WORLD-52).
          if (this.#world().actor(event.account.person) !== undefined) this.#personChanged(event.account.person);
          break;
        case 'account-changed':
          this.#personChanged(event.account.person);
          break;
        case 'contact-added':
        case 'contact-removed':
          this.relationshipsChanged(event.person); // CONN-64
          break;
        default:
      }
    }
  }

  /** The person's contacts may have changed. */
  relationshipsChanged(person: PersonId): void {
    const contacts = this.#world().people.contactsOf(person);
    for (const connection of this.#byPerson.get(person) ?? []) this.#contactsChanged(connection, contacts);
  }

  #isGuest(person: PersonId): boolean {
    return this.#world().people.account(person) === undefined;
  }

  /** Reports the people who became contacts of this connection's person, or are none any more. */
  #contactsChanged(connection: Connection, contacts: ReadonlySet<PersonId>): void {
    const watching = this.#watching.get(connection);
    if (watching === undefined) return;
    for (const other of contacts.symmetricDifference(watching.contacts)) {
      if (contacts.has(other)) add(this.#byContact, other, connection);
      else remove(this.#byContact, other, connection);
      this.#addPerson(connection, other);
    }
    watching.contacts = new Set(contacts);
  }

  #personChanged(person: PersonId): void {
    for (const connection of this.#interestedIn(person)) this.#addPerson(connection, person);
  }

  /** A guest no longer has this name: reports the name as offline. */
  #guestGone(person: PersonId, name: string): void {
    const status = { presence: 'offline', text: null, spelling: 'Offline' } as const;
    const view: PersonView = { id: person, name, displayName: name, status, guest: true };
    for (const connection of this.#interestedIn(person)) this.#changesOf(connection).gone.set(name, view); // CONN-52
  }

  /** Reports a group to its members. If one guest alone changed it, that guest gets no update. */
  #groupChanged(room: RoomId, guests: ReadonlySet<PersonId> = new Set()): void {
    const { rooms } = this.#world();
    if (rooms.size(room) > SMALL_ROOM) return; // CONN-53
    for (const [connection, { person }] of this.#inRoom(room)) {
      const isAlone = guests.size === 1 && guests.has(person); // CONN-59
      if (!isAlone && rooms.isIn(person, room)) this.#addGroup(connection, room); // CONN-59
    }
  }

  /** Reports a group to the person who joined or left it. */
  #ownGroupChanged(person: PersonId, room: RoomId): void {
    for (const connection of this.#byPerson.get(person) ?? []) this.#addGroup(connection, room);
  }

  /** Other people's connections: of those who have the person as a contact or share a small room (CONN-53). */
  #interestedIn(person: PersonId): Set<Connection> {
    const { rooms, lobby } = this.#world();
    const interested = new Set(this.#byContact.get(person) ?? []);
    for (const room of this.#isGuest(person) ? [lobby] : this.#roomsOf(person)) {
      if (rooms.size(room) > SMALL_ROOM) continue; // CONN-53
      for (const [connection] of this.#inRoom(room)) interested.add(connection);
    }
    for (const own of this.#byPerson.get(person) ?? []) interested.delete(own);
    return interested;
  }

  /** The rooms of an account. Those of a person on another node are not in memory: then the rooms of people who watch. */
  #roomsOf(person: PersonId): readonly RoomId[] {
    const { rooms } = this.#world();
    const joined = rooms.joined(person);
    if (joined.length > 0) return joined;
    this.#watchedRooms ??= [...this.#roomsOfWatchers()].filter((room) => rooms.size(room) <= SMALL_ROOM);
    return this.#watchedRooms.filter((room) => rooms.members(room).has(person)); // CONN-53
  }

  #roomsOfWatchers(): ReadonlySet<RoomId> {
    const { rooms, lobby } = this.#world();
    return new Set([lobby, ...[...this.#byPerson.keys()].flatMap((watcher) => rooms.joined(watcher))]); // Guests are in the lobby.
  }

  *#inRoom(room: RoomId): Generator<[Connection, Watching]> {
    const { rooms, lobby } = this.#world();
    if (room === lobby) {
      for (const [connection, watching] of this.#watching)
        if (rooms.isIn(watching.person, room)) yield [connection, watching];
      return;
    }
    for (const member of rooms.members(room).keys()) {
      for (const connection of this.#byPerson.get(member) ?? []) {
        const watching = this.#watching.get(connection);
        if (watching !== undefined) yield [connection, watching];
      }
    }
  }

  #addPerson(connection: Connection, person: PersonId): void {
    this.#changesOf(connection).people.add(person);
  }

  #addGroup(connection: Connection, room: RoomId): void {
    this.#changesOf(connection).groups.add(room);
  }

  #changesOf(connection: Connection): Changes {
    const changes = this.#changes.get(connection) ?? { people: new Set(), gone: new Map(), groups: new Set() };
    this.#changes.set(connection, changes);
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#clock.after(GATHER_MS, () => this.#send()); // CONN-50
    }
    return changes;
  }

  #send(): void {
    this.#scheduled = false;
    const changes = [...this.#changes];
    this.#changes.clear();
    const [peopleId, groupsId] = [this.#newId(), this.#newId()]; // CONN-90
    for (const [connection, { people, gone, groups }] of changes) {
      const watching = this.#watching.get(connection);
      if (watching === undefined) continue;
      const profiles = [...this.#goneProfiles(watching.person, gone), ...this.#profiles(watching.person, people)]; // CONN-52
      if (profiles.length > 0) connection.sendRosterUpdate({ type: 'people', id: peopleId, people: profiles });
      const views = [...groups].flatMap((room) => this.#world().rooms.view(watching.person, room) ?? []);
      if (views.length > 0) connection.sendRosterUpdate({ type: 'groups', id: groupsId, groups: views });
    }
  }

  #profiles(viewer: PersonId, people: ReadonlySet<PersonId>): Profile[] {
    return [...people].flatMap((person) => profileFor(this.#world(), viewer, person) ?? []);
  }

  /** Profiles of the guests whose names nobody has now. */
  #goneProfiles(viewer: PersonId, gone: ReadonlyMap<string, PersonView>): Profile[] {
    const isContact = this.#isGuest(viewer) ? null : false;
    const { people } = this.#world();
    return [...gone.values()]
      .filter(({ name }) => people.find(name)?.name !== name) // CONN-52
      .map((view) => ({ ...view, isContact }));
  }
}

function add(map: Map<PersonId, Set<Connection>>, key: PersonId, connection: Connection): void {
  const set = map.get(key) ?? new Set<Connection>();
  map.set(key, set);
  set.add(connection);
}

function remove(map: Map<PersonId, Set<Connection>>, key: PersonId, connection: Connection): void {
  const set = map.get(key);
  set?.delete(connection);
  if (set?.size === 0) map.delete(key);
}
