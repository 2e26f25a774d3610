import { err, ok } from '../../lib/result.ts';
import type { ServiceContext, Done } from './context.ts';
import { eventOf, type RoomEvent } from '../model/events.ts';
import { type MessageId, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { People } from './people.ts';
import type { Conversation } from '../model/conversation.ts';
import type { MessagePage } from '../ports.ts';
import { isIn, isOpen } from '../commands/permissions.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Rooms } from './rooms.ts';
import { type NameHolders, currentName, withCurrentName } from './current-name.ts';

/** Messages of one place, in ascending number. */
export type HistoryPage = { readonly conversation: Conversation; readonly messages: readonly Message[] };

/** What was said before, as it stands now. */
export class History {
  readonly #context: ServiceContext;
  readonly #people: People;
  readonly #rooms: Rooms;
  readonly #holders: NameHolders;

  constructor(context: ServiceContext, people: People, rooms: Rooms) {
    this.#context = context;
    this.#people = people;
    this.#rooms = rooms;
    this.#holders = { presence: context.presence, people };
  }

  /** Messages of a room as they stand, with their authors' names as they are to be shown now; rejects when unavailable. */
  async page(room: RoomId, before: number | null, limit: number): Promise<MessagePage> {
    const page = await this.#context.storage.page(room, before, limit);
    return { ...page, messages: page.messages.map((message) => withCurrentName(this.#holders, message)) };
  }

  /** What happened in a room after a position, oldest first; rejects when unavailable. */
  async events(room: RoomId, after: number, limit: number): Promise<readonly RoomEvent[]> {
    await this.#context.processor.load(roomStream(room));
    const entries = await this.#context.storage.entries(roomStream(room), after, limit);
    const conversation = this.conversation(room);
    return entries.flatMap((entry) => {
      const event = eventOf(entry, conversation);
      return event === null ? [] : this.named(event);
    });
  }

  /** An event with its author's name as it is to be shown now: an edit or a deletion may come long after the words (WORLD-27). */
  named(event: RoomEvent): RoomEvent {
    if (!('message' in event)) return event;
    const message = withCurrentName(this.#holders, event.message);
    return message === event.message ? event : { ...event, message };
  }

  /** What was said with somebody, or in a group, before a message: by its name. Two who never spoke have an empty page. */
  async of(
    person: PersonId,
    kind: 'user' | 'group',
    name: string,
    before: MessageId | null,
    limit: number,
    done: Done<HistoryPage>,
  ): Promise<void> {
    if (kind === 'group') {
      const room = this.#rooms.find(name);
      return room === undefined ? done(err({ type: 'not-found' })) : this.read(person, room, before, limit, done);
    }
    const other = this.#people.find(name);
    if (other === undefined) return done(err({ type: 'not-found' }));
    if (other.id === person) return done(err({ type: 'yourself' }));
    const { processor } = this.#context;
    try {
      await processor.load(personStream(person));
    } catch {
      return done(err({ type: 'unavailable' }));
    }
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const room = processor.committed.person(person).directs.get(other.id);
    if (room !== undefined) return this.read(person, room, before, limit, done);
    done(ok({ conversation: { type: 'direct', people: [actor.person, other] }, messages: [] }));
  }

  /** A page of a room for one who asks: only for those inside, whatever they ask for, and without what is not for them. */
  async read(
    person: PersonId,
    room: RoomId,
    before: MessageId | null,
    limit: number,
    done: Done<HistoryPage>,
  ): Promise<void> {
    try {
      const early = await this.#outsider(person, room);
      if (early !== null) return done(err(early)); // WORLD-72
      const first = before === null ? null : await this.#context.storage.message(before);
      await this.#context.processor.load(personStream(person)); // WORLD-86
      const isUnseen = first?.room !== room || this.isHidden(person, first);
      if (before !== null && isUnseen) return done(err({ type: 'not-found' })); // WORLD-72
      const { messages } = await this.page(room, first?.number ?? null, limit);
      const late = await this.#outsider(person, room);
      if (late !== null) return done(err(late)); // WORLD-72
      const shown = messages.filter((message) => !this.isHidden(person, message));
      done(ok({ conversation: this.conversation(room), messages: shown }));
    } catch {
      done(err({ type: 'unavailable' }));
    } finally {
      this.#context.known.letGo(room); // WORLD-64
    }
  }

  /** Why somebody may not read in a room now; null for those inside. Rejects when unavailable. */
  async #outsider(person: PersonId, room: RoomId): Promise<Refusal | null> {
    await this.#context.processor.load(roomStream(room));
    const actor = this.#context.actor(person);
    if (actor === undefined) return { type: 'not-allowed' }; // WORLD-20
    const state = this.#context.processor.committed.room(room);
    if (isIn(state, actor, this.#context.lobby())) return null; // WORLD-72
    return { type: isOpen(state) ? 'not-member' : 'not-found' }; // WORLD-71
  }

  /** Whether a message is not for this person: withheld, or by somebody this person blocks (WORLD-84, WORLD-86). */
  isHidden(person: PersonId, { author, withheld }: Message): boolean {
    if (author.id === person) return false;
    return withheld === true || this.#people.blocksOf(person).has(author.id); // WORLD-84 WORLD-86
  }

  /** Where the messages of a room are said, with names as they are now; the room must be loaded. */
  conversation(room: RoomId): Conversation {
    const { row } = this.#context.processor.committed.room(room);
    if (row?.people === undefined)
      return { type: 'group', name: row?.name ?? '', lobby: room === this.#context.lobby() };
    const [first, second] = row.people.map((person) => ({
      id: person.id,
      name: currentName(this.#holders, person),
    }));
    return { type: 'direct', people: [first ?? row.people[0], second ?? row.people[1]] };
  }
}
