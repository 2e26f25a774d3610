import { err, ok } from '../../lib/result.ts';
import { isIn, isOpen } from '../commands/permissions.ts';
import type { Conversation } from '../model/conversation.ts';
import { eventOf, type RoomEvent } from '../model/events.ts';
import { type MessageId, messageIdOf, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Message, ShownMessage } from '../model/message.ts';
import type { Refusal } from '../model/refusals.ts';
import { skeletonOf } from '../text/names/skeleton.ts';
import type { Done, ServiceContext } from './context.ts';
import type { People } from './people.ts';
import type { Quotes } from './quotes.ts';
import type { Rooms } from './rooms.ts';

/** Messages in ascending number, all as they were when the room's stream was at `position`. */
type ShownPage = { readonly position: number; readonly messages: readonly ShownMessage[] };

/** Messages of one conversation, in ascending number, as they were when the room's stream was at `position`; 0 without a room. */
export type HistoryPage = ShownPage & { readonly conversation: Conversation };

/** Messages that were posted before, as they are now. */
export class History {
  readonly #context: ServiceContext;
  readonly #people: People;
  readonly #rooms: Rooms;
  readonly #quotes: Quotes;

  constructor(context: ServiceContext, people: People, rooms: Rooms, quotes: Quotes) {
    this.#context = context;
    this.#people = people;
    this.#rooms = rooms;
    this.#quotes = quotes;
  }

  /** Messages of a room as they are now, with the current names of their authors; rejects when storage is unavailable. */
  async page(room: RoomId, before: number | null, limit: number): Promise<ShownPage> {
    const page = await this.#context.storage.page(room, before, limit);
    const messages = await this.#quotes.load(page.messages); // WORLD-170
    return { ...page, messages: messages.map((message) => this.#withCurrentName(message)) };
  }

  /** The events of a room after a position, oldest first; rejects when storage is unavailable. */
  events(room: RoomId, after: number, limit: number): Promise<readonly RoomEvent[]> {
    const stream = roomStream(room);
    return this.#context.cache.use([stream], async () => {
      const entries = await this.#context.storage.entries(stream, after, limit);
      const conversation = this.conversation(room);
      const events = entries.flatMap((entry) => eventOf(entry, conversation) ?? []);
      const quoted = await this.#quotes.load(events.flatMap((event) => ('message' in event ? event.message : []))); // WORLD-170
      const byPosition = new Map(
        events.filter((event) => 'message' in event).map(({ position }, index) => [position, quoted[index]]),
      );
      return events.map((event) => this.#named(event, byPosition.get(event.position)));
    });
  }

  /**
   * An event with the current name of its author, for the message may be much older than its edit or deletion (WORLD-27), and
   * with what it answers, as far as that is known without reading (WORLD-170).
   */
  shown(event: RoomEvent): RoomEvent {
    return 'message' in event ? this.#named(event, this.#quotes.shown(event.message)) : event;
  }

  /** A page of the direct with a person, or of a group, by name. Two people without a direct get an empty page. */
  of(
    person: PersonId,
    kind: 'user' | 'group',
    name: string,
    before: MessageId | null,
    limit: number,
    done: Done<HistoryPage>,
  ): void {
    if (kind === 'group') {
      const room = this.#rooms.find(name);
      return room === undefined ? done(err({ type: 'not-found' })) : this.read(person, room, before, limit, done);
    }
    const isMarked = name.endsWith('~');
    const other = isMarked ? this.#people.deletedNamed(name.slice(0, -1)) : this.#people.find(name); // WORLD-120
    if (other === undefined) return done(err({ type: 'not-found' }));
    if (other.id === person) return done(err({ type: 'yourself' }));
    const { cache, committed } = this.#context;
    cache
      .use([personStream(person)], () => committed.person(person).directs.get(other.id))
      .then(
        (room) => {
          const actor = this.#context.actor(person);
          if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
          if (room !== undefined) return this.read(person, room, before, limit, done);
          done(ok({ position: 0, conversation: { type: 'direct', people: [actor.person, other] }, messages: [] }));
        },
        () => done(err({ type: 'unavailable' })),
      );
  }

  /** A page of a room for a person who is in it, without the messages that are hidden from that person. */
  read(person: PersonId, room: RoomId, before: MessageId | null, limit: number, done: Done<HistoryPage>): void {
    this.#read(person, room, before, limit).then(
      (page) => done('type' in page ? err(page) : ok(page)),
      () => done(err({ type: 'unavailable' })),
    );
  }

  /** Whether a message is hidden from a person: withheld, or by an author whom the person blocks (WORLD-84, WORLD-86). */
  isHidden(person: PersonId, { author, withheld }: Message): boolean {
    if (author.id === person) return false;
    return withheld === true || this.#people.blocksOf(person).has(author.id); // WORLD-84 WORLD-86
  }

  /** How events name a room, with the current names of people; the room must be in memory. */
  conversation(room: RoomId): Conversation {
    const { row } = this.#context.committed.room(room);
    if (row?.people === undefined) return { type: 'group', name: row?.name ?? '', lobby: room === this.#context.lobby };
    const [first, second] = row.people;
    return {
      type: 'direct',
      people: [
        { id: first.id, name: this.#currentName(first) },
        { id: second.id, name: this.#currentName(second) },
      ],
    };
  }

  #read(person: PersonId, room: RoomId, before: MessageId | null, limit: number): Promise<HistoryPage | Refusal> {
    const { cache, storage } = this.#context;
    return cache.use([roomStream(room), personStream(person)], async () => {
      const early = this.#outsider(person, room);
      if (early !== null) return early; // WORLD-72
      const first = before === null ? null : await storage.message(messageIdOf(before)); // WORLD-99
      const isUnseen = first?.room !== room || this.isHidden(person, first); // WORLD-86
      if (before !== null && isUnseen) return { type: 'not-found' }; // WORLD-72
      const { position, messages } = await this.page(room, first?.number ?? null, limit);
      const late = this.#outsider(person, room);
      if (late !== null) return late; // WORLD-72
      const visible = messages.filter((message) => !this.isHidden(person, message));
      return { position, conversation: this.conversation(room), messages: visible }; // WORLD-162
    });
  }

  /** Why a person may not read in a room now; null for those who are in it. The room must be in memory. */
  #outsider(person: PersonId, room: RoomId): Refusal | null {
    const actor = this.#context.actor(person);
    if (actor === undefined) return { type: 'not-allowed' }; // WORLD-20
    const state = this.#context.committed.room(room);
    if (isIn(state, actor, this.#context.lobby)) return null; // WORLD-72
    return { type: isOpen(state) ? 'not-member' : 'not-found' }; // WORLD-71
  }

  #named(event: RoomEvent, quoted: ShownMessage | undefined): RoomEvent {
    if (!('message' in event) || quoted === undefined) return event;
    const message = this.#withCurrentName(quoted);
    return message === event.message ? event : { ...event, message };
  }

  /** A message with the current name of its author (WORLD-27). */
  #withCurrentName(message: ShownMessage): ShownMessage {
    const name = this.#currentName(message.author);
    return name === message.author.name ? message : { ...message, author: { id: message.author.id, name } };
  }

  /**
   * The current name of a person who is present or has an account. Others keep the name they had then, marked with `~` if
   * another person has it now (WORLD-27).
   */
  #currentName({ id, name }: Message['author']): string {
    const { presence } = this.#context;
    const current = presence.get(id) ?? this.#people.account(id);
    if (current !== undefined) return current.name; // WORLD-27
    const skeleton = skeletonOf(name);
    const isFree = presence.holderOf(skeleton) === undefined && !this.#people.isAccountName(skeleton); // WORLD-27 WORLD-120
    return isFree ? name : `${name}~`; // WORLD-27
  }
}
