import type { Event, RecordEvent, RoomEvent } from '../../core/model/events.ts';
import { parseStream, type PersonId, type RoomId, type StreamId } from '../../core/model/ids.ts';
import { EVERYONE } from '../../core/model/unit.ts';
import type { Clock } from '../../core/ports.ts';
import type { WorldReader } from '../../core/reader.ts';
import { DIRECTORY, groupOf, type ViewType } from '../view-key.ts';
import { GuestChanges } from './guest-changes.ts';
import type { LiveDocuments } from './live-documents.ts';
import type { PeopleTable } from './people-table.ts';
import type { RoomsTable } from './rooms-table.ts';
import type { Watches } from './watches.ts';

/** What events mean for views: it marks what may have changed, and makes no version. */
export class Invalidation {
  readonly #reader: WorldReader;
  readonly #people: PeopleTable;
  readonly #rooms: RoomsTable;
  readonly #documents: LiveDocuments;
  readonly #watches: Watches;
  readonly #guests: GuestChanges;

  constructor(
    reader: WorldReader,
    tables: { readonly people: PeopleTable; readonly rooms: RoomsTable },
    documents: LiveDocuments,
    watches: Watches,
    clock: Clock,
  ) {
    this.#reader = reader;
    this.#people = tables.people;
    this.#rooms = tables.rooms;
    this.#documents = documents;
    this.#watches = watches;
    this.#guests = new GuestChanges(clock, () => this.#lobbySize());
  }

  event(event: Event): void {
    if (event.type === 'person-typing') return;
    if ('room' in event) this.#roomEvent(event);
    else {
      this.#person(event.person.id);
      if (event.type === 'person-entered' || event.type === 'person-left') {
        this.#child('members', this.#reader.lobby, event.person.id);
        if (this.#reader.account(event.person.id) === undefined) this.#guests.changed(); // VIEW-47
      }
    }
    this.#watches.followed();
  }

  record(event: RecordEvent): void {
    switch (event.type) {
      case 'account-created':
      case 'account-deleted':
        this.#person(event.account.person);
        this.#child('unit', EVERYONE, event.account.person);
        this.#child('members', this.#reader.lobby, event.account.person);
        break;
      case 'account-changed':
        this.#person(event.account.person);
        break;
      case 'contact-added':
      case 'contact-removed':
        this.#child('contacts', event.person, event.other);
        break;
      case 'block-added':
      case 'block-removed':
        this.#child('blocks', event.person, event.other);
        break;
      case 'room-read':
        this.#rooms.changes.changed(event.room);
        this.#watches.fireAll(['message'], event.room, 'content');
        break;
      case 'membership-changed':
        this.#child('rooms', event.person, event.room);
        break;
      case 'units-changed':
        this.#units();
    }
    this.#watches.followed();
  }

  close(): void {
    this.#guests.close();
  }

  /** The room was loaded: it may hold changes that no event announced. Nobody waits for them if it was not held before. */
  room(room: RoomId, wasHeld: boolean): void {
    this.#rooms.changes.changed(room);
    this.#documents.reset(groupOf('members', room));
    if (!wasHeld) return; // VIEW-62
    this.#watches.fireAll(['room', 'member', 'message'], room, 'content');
    this.#watches.fireAll(['room', 'members'], room, 'children');
    this.#watches.followed();
  }

  /** The directory or a person's stream was loaded. */
  stream(stream: StreamId): void {
    const { kind, id } = parseStream(stream);
    if (kind === 'person') return this.#own(id);
    this.#people.reset();
    this.#watches.fireAll(['person', 'room'], null, 'content');
    this.#units();
    this.#documents.reset(groupOf('unit', EVERYONE));
    this.#watches.followed();
  }

  #roomEvent(event: RoomEvent): void {
    const { room } = event;
    switch (event.type) {
      case 'message-posted':
        this.#rooms.message(event.message, true);
        return this.#watches.fire({ type: 'room', id: room }, 'children');
      case 'message-edited':
      case 'message-deleted':
        this.#rooms.message(event.message, false);
        this.#watches.fire({ type: 'room', id: room }, 'children');
        return this.#watches.fire({ type: 'message', id: room, number: event.message.number }, 'content');
      case 'member-joined':
      case 'member-changed':
        return this.#member(room, event.member.person);
      case 'member-left':
        this.#watches.withdraw(event.person, room); // VIEW-63
        return this.#member(room, event.person);
      case 'person-muted':
      case 'person-unmuted':
        return this.#watches.fireAll(['member'], room, 'content');
      case 'member-banned':
      case 'member-unbanned':
        return; // A ban takes the member out by an entry of its own.
      case 'room-created':
      case 'room-renamed':
        this.#rooms.changes.changed(room);
        this.#watches.fire({ type: 'room', id: room }, 'content');
    }
  }

  /** The number of people in the lobby changed. */
  #lobbySize(): void {
    this.#rooms.changes.changed(this.#reader.lobby);
    this.#watches.followed();
  }

  #person(person: PersonId): void {
    this.#people.changed(person);
    this.#watches.fire({ type: 'person', id: person }, 'content');
  }

  #member(room: RoomId, person: PersonId): void {
    this.#rooms.changes.changed(room);
    this.#child('members', room, person);
    this.#watches.fire({ type: 'member', id: room, number: person }, 'content');
    this.#watches.fire({ type: 'room', id: room }, 'content');
  }

  /** A child of a document came, went or changed. */
  #child(type: ViewType, id: number, child: number): void {
    this.#documents.mark(groupOf(type, id), child);
    this.#watches.fire({ type, id }, 'children');
  }

  /** Everything that a person keeps may have changed. */
  #own(person: PersonId): void {
    for (const type of ['contacts', 'blocks', 'rooms'] as const) {
      this.#documents.reset(groupOf(type, person));
      this.#watches.fire({ type, id: person }, 'children');
    }
  }

  /** Any unit but `everyone` may have changed. */
  #units(): void {
    for (const name of this.#documents.names)
      if (name.startsWith('unit/') && name !== groupOf('unit', EVERYONE)) this.#documents.reset(name);
    this.#documents.reset(groupOf('directory', DIRECTORY));
    this.#watches.fireAll(['unit', 'directory'], null, 'content');
    this.#watches.fireAll(['unit', 'directory'], null, 'children');
  }
}
