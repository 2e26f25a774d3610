import { err, ok } from '../../lib/result.ts';
import { isIn, isOpen } from '../commands/permissions.ts';
import { namesOf } from '../model/account.ts';
import { type PersonId, type RoomId, roomStream } from '../model/ids.ts';
import type { Message, MessageRef } from '../model/message.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Found, Search } from '../ports.ts';
import { isVisible } from '../presence/presence.ts';
import { bestFirst, type Named } from '../text/search/best-first.ts';
import { isFound, parseQuery, type Query } from '../../lib/search/query.ts';
import type { Done, ServiceContext } from './context.ts';
import type { People } from './people.ts';

/** So many guests are looked at before others are served, and so many are sorted. */
const GUESTS = 1_000;

/** What a person looks for. */
export type SearchRequest = {
  readonly text: string;
  readonly kinds: Search['kinds'];
  /** Only messages in this room, and nothing else. */
  readonly room: RoomId | null;
  /** Only messages of this person, and nothing else; then the text may be blank. */
  readonly author: PersonId | null;
  /** Only messages that were posted before this one, and nothing else. */
  readonly before: MessageRef | null;
  /** The most of each kind. */
  readonly limit: number;
};

/** A room as who has found it may see it; `other` is the other person of a direct. */
export type FoundRoom = {
  readonly id: RoomId;
  readonly name: string;
  readonly displayName: string;
  readonly other: PersonId | null;
  readonly isMember: boolean;
};

/** What was found. `next` is the `before` of the next messages; null where there are no more. */
export type SearchResult = {
  readonly people: readonly PersonId[];
  readonly rooms: readonly FoundRoom[];
  readonly messages: readonly Message[];
  readonly next: MessageRef | null;
};

/** Looks for people, rooms and messages, for a person who may see them. */
export class Searches {
  readonly #context: ServiceContext;
  readonly #people: People;

  constructor(context: ServiceContext, people: People) {
    this.#context = context;
    this.#people = people;
  }

  find(person: PersonId, request: SearchRequest, done: Done<SearchResult>): void {
    this.#find(person, request).then(
      (result) => done('type' in result ? err(result) : ok(result)),
      () => done(err({ type: 'unavailable' })),
    );
  }

  async #find(person: PersonId, request: SearchRequest): Promise<SearchResult | Refusal> {
    const { room, author, before, limit } = request;
    const isBlank = author !== null && request.text.trim() === ''; // WORLD-227
    const query = isBlank ? ok([]) : parseQuery(request.text);
    if (!query.ok) return { type: 'bad-text', problem: query.error }; // WORLD-220
    const refusal = await this.#refusal(person, room, before);
    if (refusal !== null) return refusal;
    const isOfMessages = room !== null || author !== null || before !== null; // WORLD-222 WORLD-225 WORLD-227
    const kinds = isOfMessages ? request.kinds.filter((kind) => kind === 'message') : request.kinds;
    const rooms = room === null ? [...this.#roomsOf(person).keys()] : [room];
    const search = { query: query.value, kinds, reader: person, rooms, author, before, limit: limit + 1 };
    const found = await this.#context.storage.search(search);
    const guests = kinds.includes('account') ? await this.#guests(query.value) : [];
    if (found === null) return { type: 'busy' }; // WORLD-226
    if (this.#context.actor(person) === undefined) return { type: 'not-allowed' }; // WORLD-20
    return this.#result(person, search, found, guests);
  }

  /** Why a person may not search there; null if the person may. */
  async #refusal(person: PersonId, room: RoomId | null, before: MessageRef | null): Promise<Refusal | null> {
    if (this.#context.actor(person) === undefined) return { type: 'not-allowed' }; // WORLD-20
    if (room !== null && !this.#roomsOf(person).has(room)) return this.#outside(room); // WORLD-222
    if (before === null) return null;
    if (!this.#roomsOf(person).has(before.room)) return { type: 'not-found' }; // WORLD-225
    const { messages } = await this.#context.storage.page(before.room, before.number + 1, 1);
    const [message] = messages;
    const isShown = message?.number === before.number && (message.withheld !== true || message.author.id === person); // WORLD-225
    return isShown ? null : { type: 'not-found' }; // WORLD-225
  }

  /** As much is read for a room that nobody may see as for one that does not exist. */
  #outside(room: RoomId): Promise<Refusal> {
    const { cache, committed } = this.#context;
    return cache.use([roomStream(room)], () => ({ type: isOpen(committed.room(room)) ? 'not-member' : 'not-found' })); // WORLD-222
  }

  /** What of the found may be shown, now that storage has answered. */
  #result(
    person: PersonId,
    { query, kinds, limit }: Search,
    found: Found,
    guests: readonly Named<PersonId>[],
  ): SearchResult {
    const rooms = this.#roomsOf(person);
    const shown = limit - 1;
    const groups = found.rooms.filter(({ id, closed }) => closed !== true || rooms.has(id)); // WORLD-223
    const named = groups.map(({ id, name, displayName = name }): Named<FoundRoom> => {
      return { id, texts: [name, displayName], value: { id, name, displayName, other: null, isMember: rooms.has(id) } };
    });
    const directs = kinds.includes('room') ? this.#directs(rooms) : [];
    const accounts = found.accounts
      .filter(({ person: id }) => this.#people.account(id) !== undefined) // WORLD-224
      .map((account): Named<PersonId> => ({ value: account.person, id: account.person, texts: namesOf(account) }));
    const messages = found.messages.slice(0, shown).filter(({ room }) => rooms.has(room)); // WORLD-221
    const last = messages.at(-1);
    return {
      people: bestFirst(query, [...accounts, ...guests], shown),
      rooms: bestFirst(query, [...named, ...directs], shown),
      messages,
      next: found.messages.length > shown && last !== undefined ? { room: last.room, number: last.number } : null, // WORLD-225
    };
  }

  /** The rooms that a person is in, with the other person of a direct. */
  #roomsOf(person: PersonId): ReadonlyMap<RoomId, PersonId | null> {
    const { lobby } = this.#context;
    const actor = this.#context.actor(person);
    if (actor === undefined) return new Map();
    const joined = [...(this.#context.person(person)?.rooms.values() ?? [])].filter(({ room }) => {
      const state = this.#context.room(room);
      return state === undefined || isIn(state, actor, lobby); // WORLD-221
    });
    const rooms = new Map(joined.map(({ room, other }) => [room, other]));
    if (actor.role === null && !rooms.has(lobby)) rooms.set(lobby, null); // WORLD-70
    return rooms;
  }

  /** Directs are found by the names of the other person. */
  #directs(rooms: ReadonlyMap<RoomId, PersonId | null>): Named<FoundRoom>[] {
    return [...rooms].flatMap(([id, other]) => {
      const view = other === null ? undefined : this.#people.view(other);
      if (other === null || view === undefined) return [];
      const account = this.#people.account(other);
      const texts = account === undefined ? [view.name] : namesOf(account); // WORLD-223
      return { id, texts, value: { id, name: '', displayName: view.displayName, other, isMember: true } };
    });
  }

  /** The guests in whose names the query is found. */
  async #guests(query: Query): Promise<readonly Named<PersonId>[]> {
    const guests = [...this.#context.presence.all].filter((record) => !record.account && isVisible(record)); // WORLD-224
    const found: Named<PersonId>[] = [];
    for (let from = 0; from < guests.length && found.length < GUESTS; from += GUESTS) {
      if (from > 0) await new Promise<void>((resolve) => this.#context.clock.soon(resolve)); // T38
      for (const { person, name } of guests.slice(from, from + GUESTS))
        if (isFound(query, [name])) found.push({ value: person, id: person, texts: [name] });
    }
    return found.filter(({ id }) => this.#people.view(id) !== undefined);
  }
}
