import type { Account } from '../../core/model/account.ts';
import type { Message } from '../../core/model/message.ts';
import type { RoomRow } from '../../core/model/room.ts';
import type { Clock, Found, Search } from '../../core/ports.ts';
import { bestFirst } from '../../core/text/search/best-first.ts';
import { isFoundMessage, mayFindRoom, namedAccount, namedRoom } from '../search.ts';
import { DEADLINE_MS } from './connection.ts';
import { messageIn } from './queries.ts';
import { LateAnswer, type Reader } from './reader.ts';
import { accounts, indexedMessages, nearMessages, rooms } from './search-statements.ts';

/** So many searches may wait; for more the store is too busy. */
const MOST_WAITING = 32;
/** So many accounts or rooms are sorted. */
const MOST_SORTED = 1_000;
/** The index leaves out the order of terms: of the messages that it finds this many are compared, then ten times as many, and so on. */
const FIRST_COMPARED = 200;
const MOST_COMPARED = 20_000;

type Candidate = { readonly seq: number; readonly body: string };
type Near = { readonly edge: number | null; readonly seq: number | null; readonly body: string | null };

/** Searches on connections of its own, so that no other read waits for it. What PostgreSQL finds is compared with the query again. */
export class Searcher {
  readonly #reader: Pick<Reader, 'askOnce'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #waiting = 0;

  constructor(reader: Pick<Reader, 'askOnce'>, clock: Pick<Clock, 'monotonic'>) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Null while too many searches wait, or when it takes too long. */
  async search(search: Search): Promise<Found | null> {
    if (this.#waiting >= MOST_WAITING) return null; // STORE-192
    this.#waiting++;
    try {
      const has = (kind: Search['kinds'][number]) => search.kinds.includes(kind);
      const [found, near, messages] = await Promise.all([
        has('account') ? this.#accounts(search) : [],
        has('room') ? this.#rooms(search) : [],
        has('message') ? this.#messages(search) : [],
      ]);
      return messages === null ? null : { accounts: found, rooms: near, messages };
    } catch (error) {
      if (error instanceof LateAnswer) return null; // STORE-191
      throw error;
    } finally {
      this.#waiting--;
    }
  }

  async #accounts(search: Search): Promise<Account[]> {
    const found = await this.#parsed<Account>(accounts(search, MOST_SORTED));
    return bestFirst(search.query, found.map(namedAccount), search.limit); // STORE-122 STORE-124
  }

  async #rooms(search: Search): Promise<RoomRow[]> {
    const found = await this.#parsed<RoomRow>(rooms(search, MOST_SORTED));
    const visible = found.filter((room) => mayFindRoom(search, room));
    return bestFirst(search.query, visible.map(namedRoom), search.limit); // STORE-123 STORE-124
  }

  /** Looks through the newest messages first, then asks the index. */
  async #messages(search: Search): Promise<Message[] | null> {
    if (search.rooms.length === 0) return [];
    const end = this.#clock.monotonic() + DEADLINE_MS;
    const near = await this.#reader.askOnce<Near>(nearMessages(search, FIRST_COMPARED));
    const found = near.flatMap(({ body }) => (body === null ? [] : fitting(search, body)));
    // Where more was found than was asked for, the last of it is where to go on.
    let below = near.length < FIRST_COMPARED ? (near[0]?.edge ?? null) : (near.at(-1)?.seq ?? null);
    if (below === null) return found.slice(0, search.limit);
    for (let batch = FIRST_COMPARED; found.length < search.limit; batch = Math.min(10 * batch, MOST_COMPARED)) {
      if (this.#clock.monotonic() > end) return null; // STORE-191
      const candidates: readonly Candidate[] = await this.#reader.askOnce(indexedMessages(search, below, batch));
      found.push(...candidates.flatMap(({ body }) => fitting(search, body)));
      below = candidates.at(-1)?.seq ?? below;
      if (candidates.length < batch) break;
    }
    return found.slice(0, search.limit);
  }

  async #parsed<T>(sql: string): Promise<T[]> {
    const rows = await this.#reader.askOnce<{ body: string }>(sql);
    return rows.map(({ body }) => JSON.parse(body) as T);
  }
}

function fitting(search: Search, body: string): Message[] {
  const message = messageIn(body);
  return isFoundMessage(search, message) ? [message] : [];
}
