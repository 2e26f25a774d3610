import { err, ok } from '../lib/result.ts';
import type { Doors, Done } from './doors.ts';
import { eventOf, type RoomEvent } from './events.ts';
import { type MessageId, type PersonId, personStream, type RoomId, roomStream } from './ids.ts';
import type { Message } from './message.ts';
import type { People } from './people.ts';
import type { Place } from './place.ts';
import type { Page } from './ports.ts';
import { isIn, isOpen } from './rights.ts';
import type { Refusal } from './refusals.ts';
import type { Rooms } from './rooms.ts';
import { type Bearers, nameNow, shownNow } from './shown.ts';

/** Messages of one place, in ascending number. */
export type Excerpt = { readonly place: Place; readonly messages: readonly Message[] };

/** What was said before, as it stands now. */
export class History {
  readonly #doors: Doors;
  readonly #people: People;
  readonly #rooms: Rooms;
  readonly #bearers: Bearers;

  constructor(doors: Doors, people: People, rooms: Rooms) {
    this.#doors = doors;
    this.#people = people;
    this.#rooms = rooms;
    this.#bearers = { presence: doors.presence, people };
  }

  /** Messages of a room as they stand, with their authors' names as they are to be shown now; rejects when unavailable. */
  async page(room: RoomId, before: number | null, limit: number): Promise<Page> {
    const page = await this.#doors.storage.page(room, before, limit);
    return { ...page, messages: page.messages.map((message) => shownNow(this.#bearers, message)) };
  }

  /** What happened in a room after a position, oldest first; rejects when unavailable. */
  async events(room: RoomId, after: number, limit: number): Promise<readonly RoomEvent[]> {
    await this.#doors.ledger.load(roomStream(room));
    const entries = await this.#doors.storage.entries(roomStream(room), after, limit);
    const place = this.place(room);
    return entries.flatMap((entry) => {
      const event = eventOf(entry, place);
      return event === null ? [] : this.named(event);
    });
  }

  /** An event with its author's name as it is to be shown now: an edit or a deletion may come long after the words (WORLD-27). */
  named(event: RoomEvent): RoomEvent {
    if (!('message' in event)) return event;
    const message = shownNow(this.#bearers, event.message);
    return message === event.message ? event : { ...event, message };
  }

  /** What was said with somebody, or in a group, before a message: by its name. Two who never spoke have an empty page. */
  async of(
    person: PersonId,
    kind: 'user' | 'group',
    name: string,
    before: MessageId | null,
    limit: number,
    done: Done<Excerpt>,
  ): Promise<void> {
    if (kind === 'group') {
      const room = this.#rooms.find(name);
      return room === undefined ? done(err({ type: 'not-found' })) : this.read(person, room, before, limit, done);
    }
    const other = this.#people.find(name);
    if (other === undefined) return done(err({ type: 'not-found' }));
    if (other.id === person) return done(err({ type: 'yourself' }));
    const { ledger } = this.#doors;
    try {
      await ledger.load(personStream(person));
    } catch {
      return done(err({ type: 'unavailable' }));
    }
    const actor = this.#doors.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const room = ledger.committed.person(person).directs.get(other.id);
    if (room !== undefined) return this.read(person, room, before, limit, done);
    done(ok({ place: { type: 'direct', people: [actor.person, other] }, messages: [] }));
  }

  /** A page of a room for one who asks: only for those inside, whatever they ask for, and without what is not for them. */
  async read(
    person: PersonId,
    room: RoomId,
    before: MessageId | null,
    limit: number,
    done: Done<Excerpt>,
  ): Promise<void> {
    try {
      const early = await this.#outsider(person, room);
      if (early !== null) return done(err(early)); // WORLD-72
      const first = before === null ? null : await this.#doors.storage.message(before);
      await this.#doors.ledger.load(personStream(person)); // WORLD-86
      const isUnseen = first?.room !== room || this.isHidden(person, first);
      if (before !== null && isUnseen) return done(err({ type: 'not-found' })); // WORLD-72
      const { messages } = await this.page(room, first?.number ?? null, limit);
      const late = await this.#outsider(person, room);
      if (late !== null) return done(err(late)); // WORLD-72
      const shown = messages.filter((message) => !this.isHidden(person, message));
      done(ok({ place: this.place(room), messages: shown }));
    } catch {
      done(err({ type: 'unavailable' }));
    } finally {
      this.#doors.known.letGo(room); // WORLD-64
    }
  }

  /** Why somebody may not read in a room now; null for those inside. Rejects when unavailable. */
  async #outsider(person: PersonId, room: RoomId): Promise<Refusal | null> {
    await this.#doors.ledger.load(roomStream(room));
    const actor = this.#doors.actor(person);
    if (actor === undefined) return { type: 'not-allowed' }; // WORLD-20
    const state = this.#doors.ledger.committed.room(room);
    if (isIn(state, actor, this.#doors.lobby())) return null; // WORLD-72
    return { type: isOpen(state) ? 'not-member' : 'not-found' }; // WORLD-71
  }

  /** Whether a message is not for this person: withheld, or by somebody this person blocks (WORLD-84, WORLD-86). */
  isHidden(person: PersonId, { author, withheld }: Message): boolean {
    if (author.id === person) return false;
    return withheld === true || this.#people.blocksOf(person).has(author.id); // WORLD-84 WORLD-86
  }

  /** Where the messages of a room are said, with names as they are now; the room must be loaded. */
  place(room: RoomId): Place {
    const { row } = this.#doors.ledger.committed.room(room);
    if (row?.people === undefined) return { type: 'group', name: row?.name ?? '', lobby: room === this.#doors.lobby() };
    const [first, second] = row.people.map((person) => ({
      id: person.id,
      name: nameNow(this.#bearers, person),
    }));
    return { type: 'direct', people: [first ?? row.people[0], second ?? row.people[1]] };
  }
}
