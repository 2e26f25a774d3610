import type { Event } from '../../core/model/events.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { PersonView } from '../../core/services/people.ts';
import type { Clock } from '../../core/ports.ts';
import type { World } from '../../core/world.ts';
import { profileFor } from '../session/lookups.ts';
import type { Connection } from '../connection.ts';
import type { Profile } from '../session/session-api.ts';

const GATHER_MS = 1_000;
/** In larger rooms only contacts are told of each other. */
const SMALL = 200;

/** What changed for one connection since it was told last. Guests who are gone are kept by their names, as they were. */
type Changes = {
  readonly people: Set<PersonId>;
  readonly gone: Map<string, PersonView>;
  readonly groups: Set<RoomId>;
};

type Watching = { readonly person: PersonId; contacts: ReadonlySet<PersonId> };

/** Tells connections of people and groups that changed, gathered per second (CONN-50). */
export class RosterUpdates {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #world: () => World;
  readonly #watching = new Map<Connection, Watching>();
  readonly #byPerson = new Map<PersonId, Set<Connection>>();
  readonly #byContact = new Map<PersonId, Set<Connection>>();
  readonly #changes = new Map<Connection, Changes>();
  #scheduled = false;
  #last = 0;

  constructor(clock: Pick<Clock, 'after'>, world: () => World) {
    this.#clock = clock;
    this.#world = world;
  }

  /** From now on the connection is told what concerns this person. */
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

  /** Notes what a batch of events changed. */
  observe(events: readonly Event[]): void {
    if (this.#watching.size === 0) return;
    const guests = new Set<PersonId>();
    for (const event of events) {
      switch (event.type) {
        case 'person-entered':
          this.#seePerson(event.person.id);
          if (this.#isGuest(event.person.id)) guests.add(event.person.id); // CONN-59
          break;
        case 'person-changed':
          this.#seePerson(event.person.id);
          break;
        case 'person-left':
          if (this.#isGuest(event.person.id)) {
            this.#seeGone(event.person.id, event.person.name);
            guests.add(event.person.id);
          } else this.#seePerson(event.person.id);
          break;
        case 'person-renamed':
          this.#seeGone(event.person.id, event.before);
          this.#seePerson(event.person.id);
          guests.add(event.person.id);
          break;
        case 'member-joined':
        case 'member-changed':
        case 'member-left':
          if (event.conversation.type === 'direct') break;
          this.#seeGroup(event.room);
          this.#seeOwn(event.type === 'member-left' ? event.person : event.member.person, event.room);
          break;
        default:
      }
    }
    if (guests.size > 0) this.#seeGroup(this.#world().lobby, guests);
  }

  /** What a person keeps about others, which concerns nobody else (CONN-64); or the account. */
  changed(person: PersonId, what: 'relationships' | 'account'): void {
    if (what === 'account') return this.#seePerson(person); // CONN-64
    const contacts = this.#world().people.contactsOf(person);
    for (const connection of this.#byPerson.get(person) ?? []) this.#retie(connection, contacts);
  }

  #isGuest(person: PersonId): boolean {
    return this.#world().people.account(person) === undefined;
  }

  /** Those whose contacts changed are told whose friend they are now. */
  #retie(connection: Connection, contacts: ReadonlySet<PersonId>): void {
    const watching = this.#watching.get(connection);
    if (watching === undefined) return;
    for (const other of contacts.symmetricDifference(watching.contacts)) {
      if (contacts.has(other)) add(this.#byContact, other, connection);
      else remove(this.#byContact, other, connection);
      this.#note(connection, other);
    }
    watching.contacts = new Set(contacts);
  }

  #seePerson(person: PersonId): void {
    for (const connection of this.#interestedIn(person)) this.#note(connection, person);
  }

  /** Whom a guest's name belonged to can be asked for by it no more: what is told is what the guest was called. */
  #seeGone(person: PersonId, name: string): void {
    const status = { presence: 'offline', text: null, spelling: 'Offline' } as const;
    const view: PersonView = { id: person, name, displayName: name, status, guest: true };
    for (const connection of this.#interestedIn(person)) this.#changesOf(connection).gone.set(name, view); // CONN-52
  }

  /** A group is another one, by what some guests did; whoever is the only one of them knows. */
  #seeGroup(room: RoomId, guests: ReadonlySet<PersonId> = new Set()): void {
    const { rooms } = this.#world();
    if (rooms.size(room) > SMALL) return; // CONN-53
    for (const [connection, { person }] of this.#inRoom(room)) {
      const isAlone = guests.size === 1 && guests.has(person); // CONN-59
      if (!isAlone && rooms.isIn(person, room)) this.#group(connection, room); // CONN-59
    }
  }

  /** Whoever came or went is told in any case. */
  #seeOwn(person: PersonId, room: RoomId): void {
    for (const connection of this.#byPerson.get(person) ?? []) this.#group(connection, room);
  }

  /** Those who have the person as a contact, and those who share a small room (CONN-53). */
  #interestedIn(person: PersonId): Set<Connection> {
    const { rooms, lobby } = this.#world();
    const interested = new Set(this.#byContact.get(person) ?? []);
    const shared = new Set(rooms.joined(person));
    if (this.#isGuest(person)) shared.add(lobby);
    for (const room of shared) {
      if (rooms.size(room) > SMALL) continue; // CONN-53
      for (const [connection] of this.#inRoom(room)) interested.add(connection);
    }
    for (const own of this.#byPerson.get(person) ?? []) interested.delete(own);
    return interested;
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

  #note(connection: Connection, person: PersonId): void {
    this.#changesOf(connection).people.add(person);
  }

  #group(connection: Connection, room: RoomId): void {
    this.#changesOf(connection).groups.add(room);
  }

  #changesOf(connection: Connection): Changes {
    const known = this.#changes.get(connection) ?? { people: new Set(), gone: new Map(), groups: new Set() };
    this.#changes.set(connection, known);
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#clock.after(GATHER_MS, () => this.#tell()); // CONN-50
    }
    return known;
  }

  #tell(): void {
    this.#scheduled = false;
    const changes = [...this.#changes];
    this.#changes.clear();
    this.#last += 1;
    const id = `notice.${this.#last}`;
    for (const [connection, { people, gone, groups }] of changes) {
      const watching = this.#watching.get(connection);
      if (watching === undefined) continue;
      const profiles = [...this.#gone(watching.person, gone), ...this.#present(watching.person, people)]; // CONN-52
      if (profiles.length > 0) connection.sendRosterUpdate({ type: 'people', id: `${id}.people`, people: profiles });
      const views = [...groups].flatMap((room) => this.#world().rooms.view(watching.person, room) ?? []);
      if (views.length > 0) connection.sendRosterUpdate({ type: 'groups', id: `${id}.groups`, groups: views });
    }
  }

  #present(viewer: PersonId, people: ReadonlySet<PersonId>): Profile[] {
    return [...people].flatMap((person) => profileFor(this.#world(), viewer, person) ?? []);
  }

  /** Those whose names nobody bears now. */
  #gone(viewer: PersonId, gone: ReadonlyMap<string, PersonView>): Profile[] {
    const friend = this.#isGuest(viewer) ? null : false;
    const { people } = this.#world();
    return [...gone.values()]
      .filter(({ name }) => people.find(name)?.name !== name) // CONN-52
      .map((view) => ({ ...view, friend }));
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
