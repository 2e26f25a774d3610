import { err, ok, type Result } from '../lib/result.ts';
import type { Event, RecordEvent } from '../core/model/events.ts';
import type { PersonId, RoomId, StreamId } from '../core/model/ids.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { Clock, Ids } from '../core/ports.ts';
import type { RoomFacts, WorldReader } from '../core/reader.ts';
import { refusalFor } from './access.ts';
import type { Page, PageRequest, Version, ViewAnswer } from './answer.ts';
import { Budget } from './lists/budget.ts';
import { type LiveContent, liveContent } from './live/contents.ts';
import type { ListEntry } from './live/entries.ts';
import { HeldRooms } from './live/held-rooms.ts';
import { Invalidation } from './live/invalidation.ts';
import type { ListSource } from './live/list-source.ts';
import { LiveDocuments } from './live/live-documents.ts';
import type { Order } from './live/orders.ts';
import { PeopleTable } from './live/people-table.ts';
import { joinedRooms } from './live/rooms-source.ts';
import { RoomsTable } from './live/rooms-table.ts';
import { ordersOf, sourceOf } from './live/sources.ts';
import { type WatchedFollow, Watches } from './live/watches.ts';
import { messageAnswer, type MessageContent } from './messages/message-content.ts';
import type { MessageOrder } from './messages/message-numbers.ts';
import { bytesOfPage, messagePage, type PageMessage } from './messages/message-pages.ts';
import { SharedAnswers } from './messages/shared-answers.ts';
import { groupAnswer, type RoomContent } from './messages/room-content.ts';
import { headOf } from './messages/room-head.ts';
import { groupOf, type Part, roomOf, type ViewKey } from './view-key.ts';

/** The content of a document, by its type. */
export type Content = LiveContent | MessageContent;

/** A child of a document, as a page shows it. */
export type Child = ListEntry | PageMessage;

/** A page of a document's children, for somebody who has `version` of that list. */
export type ChildrenRequest = PageRequest & {
  readonly order: Order;
  /** Only messages with a lower number. */
  readonly before?: number | null;
  readonly version: Version | null;
};

type Done<T> = (result: Result<T, Refusal>) => void;

/** The world as versioned documents: the entry point of `views/`. `done` is called at once where everything is in memory. */
export class Views {
  readonly #reader: WorldReader;
  readonly #people: PeopleTable;
  readonly #rooms: RoomsTable;
  readonly #held: HeldRooms;
  readonly #documents: LiveDocuments;
  readonly #watches: Watches;
  readonly #pages = new SharedAnswers<ViewAnswer<Page<PageMessage>>>(bytesOfPage);
  readonly #invalidation: Invalidation;

  constructor(reader: WorldReader, ports: { readonly clock: Clock; readonly ids: Ids }, budget = new Budget()) {
    this.#reader = reader;
    this.#people = new PeopleTable(reader);
    this.#rooms = new RoomsTable(reader);
    this.#watches = new Watches(ports.clock);
    this.#held = new HeldRooms(reader, this.#rooms, ports.clock, () =>
      this.#watches.keys.flatMap((key) => this.#roomsFor(key.id, key)),
    );
    this.#documents = new LiveDocuments(ports, budget, () =>
      this.#watches.keys.map(({ type, id }) => groupOf(type, id)),
    );
    this.#invalidation = new Invalidation(
      reader,
      { people: this.#people, rooms: this.#rooms },
      this.#documents,
      this.#watches,
      ports.clock,
    );
  }

  /** The content of a document, for somebody who has `since`. */
  content(viewer: PersonId, key: ViewKey, since: Version | null, done: Done<ViewAnswer<Content>>): void {
    this.#reach(viewer, key, 'content', done, () => {
      const facts = this.#reader.room(key.id);
      if (key.type === 'message') return this.#later(viewer, key, 'content', this.#message(viewer, key, since), done);
      if (key.type === 'room' && facts?.row.people === undefined)
        return this.#later(viewer, key, 'content', this.#group(facts, since), done);
      const content = liveContent(this.#reader, viewer, key);
      if (content === null) return done(err({ type: 'not-found' }));
      const part = key.type === 'room' ? viewer : (key.number ?? 0); // VIEW-41
      done(ok(this.#documents.content(groupOf(key.type, key.id), part, content, since)));
    });
  }

  /** A page of a document's children. */
  page(viewer: PersonId, key: ViewKey, request: ChildrenRequest, done: Done<ViewAnswer<Page<Child>>>): void {
    const { order, version } = request;
    if (!ordersOf[key.type].includes(order)) return done(err({ type: 'not-found' }));
    this.#reach(viewer, key, 'children', done, () => {
      if (key.type === 'room' && (order === 'asc' || order === 'desc'))
        return this.#messages(viewer, key, { ...request, order }, done);
      const source = this.#sourceOf(key);
      if (source === null) return done(err({ type: 'not-found' }));
      this.#documents.list(groupOf(key.type, key.id), order, source, (list) => {
        const refusal = refusalFor(this.#reader, viewer, key, 'children'); // VIEW-55
        done(refusal === null ? ok(list.answer(version, request)) : err(refusal));
      });
    });
  }

  /**
   * Calls `changed` when a part of a document may have changed, or may no longer be read by this person, and for that part not again before somebody asks for it. Returns
   * what ends the watch. The caller asks for the document first: a watch checks no rights.
   */
  watch(viewer: PersonId, key: ViewKey, changed: (part: Part) => void): () => void {
    return this.#watches.add(viewer, key, () => this.#followsOf(key), changed);
  }

  /** Whether a person may read the content or the children of a document, whose room must be in memory. */
  mayRead(viewer: PersonId, key: ViewKey): boolean {
    return (['content', 'children'] as const).some((part) => refusalFor(this.#reader, viewer, key, part) === null);
  }

  /** Events of a batch of the world. */
  observe(events: readonly Event[]): void {
    for (const event of events) this.#invalidation.event(event);
  }

  /** Record events of a batch of the world. */
  recorded(events: readonly RecordEvent[]): void {
    for (const event of events) this.#invalidation.record(event);
  }

  /** A room was loaded: it may hold changes that no event announced. */
  resync(room: RoomId): void {
    this.#invalidation.room(room, this.#held.reload(room));
  }

  /** The directory or a person's stream was loaded: the same. */
  reloaded(stream: StreamId): void {
    this.#invalidation.stream(stream);
  }

  close(): void {
    this.#invalidation.close();
    this.#watches.close();
    this.#documents.close();
    this.#held.close();
  }

  /** Loads what a document needs and calls `then` if the viewer may read it. */
  #reach<T>(viewer: PersonId, key: ViewKey, part: Part, done: Done<T>, then: () => void): void {
    const rooms = this.#roomsFor(viewer, key);
    const loading = this.#held.load(rooms, key.type === 'rooms');
    if (loading !== null) {
      loading.then(
        () => this.#reach(viewer, key, part, done, then),
        () => done(err({ type: 'unavailable' })),
      );
      return;
    }
    const refusal = refusalFor(this.#reader, viewer, key, part); // VIEW-55
    if (refusal !== null) {
      this.#held.leave(rooms); // VIEW-43
      return done(err(refusal));
    }
    this.#held.use(rooms);
    this.#watches.arm(key, part); // VIEW-60
    then();
  }

  /** Answers with what is read from storage, if the viewer may still read it then. */
  #later<T>(
    viewer: PersonId,
    key: ViewKey,
    part: Part,
    answer: Promise<ViewAnswer<T> | null>,
    done: Done<ViewAnswer<T>>,
  ): void {
    answer.then(
      (found) => {
        const refusal = refusalFor(this.#reader, viewer, key, part); // VIEW-55
        if (refusal !== null) return done(err(refusal));
        done(found === null ? err({ type: 'not-found' }) : ok(found));
      },
      () => done(err({ type: 'unavailable' })),
    );
  }

  async #message(
    viewer: PersonId,
    { id, number = 0 }: ViewKey,
    since: Version | null,
  ): Promise<ViewAnswer<MessageContent> | null> {
    const { messages } = await this.#reader.messages(id, number + 1, 1);
    const message = messages[0];
    const facts = this.#reader.room(id);
    if (message?.number !== number || facts === undefined) return null;
    const isOwn = message.author.id === viewer;
    const read = isOwn ? this.#reader.readByOthers(id, viewer) : this.#reader.readPosition(viewer, id); // VIEW-45
    return messageAnswer({ type: 'message', message, read: read >= number }, since, this.#identityOf(facts));
  }

  async #group(facts: RoomFacts | undefined, since: Version | null): Promise<ViewAnswer<RoomContent> | null> {
    return facts === undefined ? null : groupAnswer(this.#reader, facts, since, this.#identityOf(facts));
  }

  /** A page of a room's messages, which is in memory if somebody has asked for it before. */
  #messages(
    viewer: PersonId,
    key: ViewKey,
    request: ChildrenRequest & { readonly order: MessageOrder },
    done: Done<ViewAnswer<Page<PageMessage>>>,
  ): void {
    const room = key.id;
    const facts = this.#reader.room(room);
    if (facts === undefined) return done(err({ type: 'not-found' }));
    const { order, size, index, before = null, version } = request;
    const head = headOf(facts, viewer);
    const identity = this.#identityOf(facts) + (facts.row.people === undefined ? '' : `-${viewer}`); // VIEW-33
    const since = version?.identity === identity ? version.number : null;
    const name = `${room} ${identity} ${head.position} ${since} ${order} ${size} ${index} ${before}`;
    const known = this.#pages.known(name); // VIEW-46
    if (known !== undefined) return done(ok(known));
    const making = this.#pages.get(name, () =>
      messagePage(this.#reader, room, head, { ...request, before }, version, identity),
    ); // VIEW-46
    this.#later(viewer, key, 'children', making, done);
  }

  /** Names the history of a room: another one after a backup was restored. */
  #identityOf({ row }: RoomFacts): string {
    return `${row.identity}-${this.#reader.identity}`; // VIEW-30
  }

  /** The rooms that must be in memory for a document. */
  #roomsFor(viewer: PersonId, key: ViewKey): readonly RoomId[] {
    if (key.type === 'rooms') return key.id === viewer ? joinedRooms(this.#reader, viewer) : [];
    const room = roomOf(key);
    return room === null ? [] : [room];
  }

  #sourceOf(key: ViewKey): ListSource | null {
    return sourceOf({ reader: this.#reader, people: this.#people, rooms: this.#rooms }, key);
  }

  #followsOf(key: ViewKey): WatchedFollow[] {
    const source = this.#sourceOf(key);
    const children = source?.follows.map((follow) => ({ ...follow, part: 'children' }) as const) ?? [];
    if (key.type !== 'room') return children;
    const isOfDirect = (person: number) =>
      this.#reader.room(key.id)?.row.people?.some(({ id }) => id === person) === true;
    const keyOf = (person: number) => (isOfDirect(person) ? person : null);
    return [...children, { changes: this.#people.changes, keyOf, part: 'content' }]; // VIEW-41
  }
}
