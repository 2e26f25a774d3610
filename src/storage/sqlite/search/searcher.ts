import type { Found, Search } from '../../../core/ports.ts';
import type { Message } from '../../../core/model/message.ts';
import { reasonOf } from '../../../lib/reason.ts';
import { bestFirst } from '../../../core/text/search/best-first.ts';
import { isFoundMessage, mayFindRoom, namedAccount, namedRoom } from '../../search.ts';
import { type Database, isDamage } from '../database.ts';
import { ReadConnection } from '../read-connection.ts';
import { messageMarks, roomMarks } from '../../search-terms.ts';
import { expressionOf } from './expression.ts';
import { type Origin, OtherOrigin, SearchIndex } from './search-index.ts';
import { Source } from './source.ts';

/** What the searcher is given. */
export type SearcherHost = {
  /** Opens the database for reading. */
  connect(): Database;
  /** Opens the database of the index; makes the file if it is missing. */
  openIndex(): Database;
  /** Removes the files of the index. */
  removeIndex(): void;
  /** The free bytes on the disk. */
  freeBytes(): number;
  /** Milliseconds since an arbitrary moment. */
  monotonic(): number;
  /** The version of Unicode: other versions may make other terms. */
  readonly unicode: string;
};

/** Changes with the lines that are indexed. */
const FORM = 2;
/** So many entries are looked at in one step. */
const STEP = 500;
/** A search waits for so many entries to be indexed, and for so long: removing lines takes a while. */
const MOST_BEHIND = 10_000;
const WAIT_MS = 1_000;
/** So many accounts or rooms are sorted; of more the ones with the highest numbers. */
const MOST_SORTED = 1_000;
/** The index leaves so much of the disk to messages. */
const INDEX_FLOOR_BYTES = 32 * 2 ** 20;

/** Keeps the index up to date, and searches. An index that cannot be used is removed and made again. */
export class Searcher {
  readonly #host: SearcherHost;
  readonly #source: ReadConnection<Source>;
  #open: SearchIndex | null = null;

  constructor(host: SearcherHost) {
    this.#host = host;
    this.#source = new ReadConnection(host.connect, (db) => new Source(db));
  }

  /** Indexes the next part of the log; if there is none, tidies up. Returns whether more is to be done. */
  step(): boolean {
    return this.#withIndex((index) => this.#index(index) || index.tidy());
  }

  /** Looks for what was committed before. Null while much of that is not indexed yet. */
  search(search: Search): Found | null {
    return this.#withIndex((index) => {
      const head = this.#read((source) => source.head());
      if (head - index.place > MOST_BEHIND) return null; // STORE-132
      const end = this.#host.monotonic() + WAIT_MS;
      while (index.place < head) {
        if (this.#host.monotonic() > end) return null; // STORE-132
        this.#index(index); // STORE-121
      }
      const { kinds } = search;
      return {
        accounts: kinds.includes('account') ? this.#accounts(index, search) : [],
        rooms: kinds.includes('room') ? this.#rooms(index, search) : [],
        messages: kinds.includes('message') ? this.#messages(index, search) : [],
      };
    });
  }

  close(): void {
    this.#source.close();
    this.#closeIndex();
  }

  #closeIndex(): void {
    const index = this.#open;
    this.#open = null;
    try {
      index?.close();
    } catch {} // What failed before is what counts.
  }

  /** Returns whether there was something to index. */
  #index(index: SearchIndex): boolean {
    const { changes, end } = this.#read((source) => source.changes(index.place, STEP));
    if (end === index.place) return false;
    if (this.#host.freeBytes() < INDEX_FLOOR_BYTES) throw new Error('the disk has no room for the index'); // STORE-139
    index.write(changes, end);
    return true;
  }

  #accounts(index: SearchIndex, { query, limit }: Search) {
    const ids = index.find('account', expressionOf(query), Number.MAX_SAFE_INTEGER, MOST_SORTED);
    const accounts = this.#read((source) => source.accounts(ids));
    return bestFirst(query, accounts.map(namedAccount), limit); // STORE-122 STORE-124
  }

  #rooms(index: SearchIndex, search: Search) {
    const { query, rooms, limit } = search;
    const ids = index.find('room', expressionOf(query, roomMarks(rooms)), Number.MAX_SAFE_INTEGER, MOST_SORTED);
    const found = this.#read((source) => source.rooms(ids)).filter((room) => mayFindRoom(search, room)); // STORE-134
    return bestFirst(query, found.map(namedRoom), limit); // STORE-123 STORE-124
  }

  /** What the index finds is compared with the messages as they are: it may be wrong, and nobody would notice. */
  #messages(index: SearchIndex, search: Search): Message[] {
    const { query, reader, rooms, author, before, limit } = search;
    const expression = expressionOf(query, messageMarks(reader, rooms), author);
    const found: Message[] = [];
    let below =
      before === null ? Number.MAX_SAFE_INTEGER : this.#read((source) => source.rowOf(before.room, before.number));
    while (found.length < limit) {
      const wanted = limit - found.length;
      const rows = index.find('message', expression, below, wanted);
      const messages = this.#read((source) => source.messages(rows));
      found.push(...messages.filter((message) => isFoundMessage(search, message))); // STORE-134
      if (rows.length < wanted) break;
      below = rows.at(-1) ?? 0;
    }
    return found;
  }

  /** Reads what is not of the index. An error there says nothing about the index, whatever its code. */
  #read<T>(question: (source: Source) => T): T {
    try {
      return this.#source.read(question);
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  }

  /** Uses the index. After a failure it is opened again when it is needed, or made again if it is damaged. */
  #withIndex<T>(use: (index: SearchIndex) => T): T {
    this.#open ??= this.#opened();
    try {
      return use(this.#open);
    } catch (error) {
      this.#closeIndex();
      if (isDamage(error)) this.#host.removeIndex(); // STORE-132
      throw error;
    }
  }

  #opened(): SearchIndex {
    const { history, head } = this.#read((source) => ({ history: source.history(), head: source.head() }));
    const origin = { history, head, form: `${FORM} ${this.#host.unicode}` };
    try {
      return openIndex(this.#host, origin);
    } catch (error) {
      if (!(error instanceof OtherOrigin) && !isDamage(error)) throw error;
      this.#host.removeIndex(); // STORE-132
      return openIndex(this.#host, origin);
    }
  }
}

function openIndex(host: SearcherHost, origin: Origin): SearchIndex {
  const db = host.openIndex();
  try {
    return new SearchIndex(db, origin);
  } catch (error) {
    db.close();
    throw error;
  }
}
