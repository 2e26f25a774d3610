import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { WorldReader } from '../../core/reader.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import { RecentChanges } from '../lists/recent-changes.ts';
import { visibleAt, visibleUpTo } from '../messages/message-numbers.ts';
import { headOf } from '../messages/room-head.ts';

const MOST_ACTIVE = 100_000;
/** So many messages of a room are read to find who posted last. */
const READ = 50;

type Held = {
  /** The last message that each viewer sees; of a group all see the same, under 0. Null while it is loaded. */
  last: Map<PersonId, Message> | null;
  /** The number of the last message that each author posted, as far as they were read or seen here. */
  readonly own: Map<PersonId, number>;
  /** What was posted or changed while it is loaded, by number. */
  readonly meanwhile: Map<number, Message>;
};

/** What lists of rooms show of rooms in memory, and the rooms that changed last. */
export class RoomsTable {
  readonly changes = new RecentChanges();
  readonly #reader: WorldReader;
  readonly #rooms = new Map<RoomId, Held>();
  /** Of the rooms in which messages were seen last, by room and viewer: 0 is for all, an author for what is withheld from the other. */
  readonly #activities = new BoundedMap<number>(MOST_ACTIVE);
  #activity = 0;

  constructor(reader: WorldReader) {
    this.#reader = reader;
  }

  /** Reads the last messages of a room, which must be in memory until `release`; rejects when storage is unavailable. */
  async load(room: RoomId): Promise<void> {
    const held: Held = { last: null, own: new Map(), meanwhile: new Map() };
    this.#rooms.set(room, held);
    const last = new Map<PersonId, Message>();
    for (const viewer of this.#viewersOf(room)) {
      const facts = this.#reader.room(room);
      if (facts === undefined) continue;
      const head = headOf(facts, viewer);
      const visible = visibleUpTo(head, facts.lastNumber);
      if (visible === 0) continue;
      const page = await this.#reader.messages(room, visibleAt(head.hidden, visible) + 1, READ);
      for (const message of page.messages) posted(held, message);
      const newest = page.messages.at(-1);
      if (newest !== undefined) last.set(viewer, newest);
    }
    held.last = last;
    for (const message of held.meanwhile.values()) this.#show(held, message);
    held.meanwhile.clear();
    this.changes.changed(room);
  }

  release(room: RoomId): void {
    this.#rooms.delete(room);
  }

  /** A message was posted, edited or deleted. An event names the author as of now, the room as of then. */
  message(event: Message, isNew: boolean): void {
    const message = this.#reader.recentMessage(event.room, event.id) ?? event; // VIEW-27
    this.changes.changed(message.room);
    const viewer = message.withheld === true ? message.author.id : 0;
    if (isNew) this.#activities.set(`${message.room}/${viewer}`, ++this.#activity); // VIEW-26
    const held = this.#rooms.get(message.room);
    if (held === undefined) return;
    posted(held, message);
    if (held.last === null) held.meanwhile.set(message.number, message);
    else this.#show(held, message);
  }

  /** The last message of a room that the viewer sees; null without any, or while it is loaded. */
  last(room: RoomId, viewer: PersonId): Message | null {
    const last = this.#rooms.get(room)?.last;
    return last?.get(viewer) ?? last?.get(0) ?? null;
  }

  /** The number of the last message that a person posted in a room, as far as it is known here; 0 without any. */
  lastOwn(room: RoomId, person: PersonId): number {
    return this.#rooms.get(room)?.own.get(person) ?? 0;
  }

  /** Grows with each message that is seen here in any room and that the viewer sees; 0 for a room without one, or long ago. */
  activity(room: RoomId, viewer: PersonId): number {
    const [ofAll, own] = [0, viewer].map((each) => this.#activities.get(`${room}/${each}`) ?? 0);
    return Math.max(ofAll ?? 0, own ?? 0); // VIEW-26
  }

  #viewersOf(room: RoomId): PersonId[] {
    return this.#reader.room(room)?.row.people?.map(({ id }) => id) ?? [0];
  }

  #show(held: Held, message: Message): void {
    for (const viewer of this.#viewersOf(message.room)) {
      const isHidden = message.withheld === true && message.author.id !== viewer; // VIEW-33
      if (!isHidden && message.number >= (held.last?.get(viewer)?.number ?? 0)) held.last?.set(viewer, message);
    }
  }
}

function posted({ own }: Held, { author, number }: Message): void {
  own.set(author.id, Math.max(number, own.get(author.id) ?? 0));
}
