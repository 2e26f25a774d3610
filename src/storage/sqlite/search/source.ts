import type { Account } from '../../../core/model/account.ts';
import type { EntryBody } from '../../../core/model/entries.ts';
import type { Message } from '../../../core/model/message.ts';
import type { RoomRow } from '../../../core/model/room.ts';
import { decodeRow } from '../checksum.ts';
import { type Database, integer, one, type Row, type Statement, text } from '../database.ts';
import { select } from '../queries.ts';
import { accountTerms, messageTerms, roomTerms } from '../../search-terms.ts';
import { lineOf } from './expression.ts';
import type { Change } from './search-index.ts';

/** The thing that an entry changes, by what it is found by in the tables. */
type Changed =
  | { readonly kind: 'message'; readonly room: number; readonly number: number }
  | { readonly kind: 'room' | 'account'; readonly id: number };

/** Some entries of the log: what they change, as it is now, each thing once, and the place of the last one. */
export type LogPart = { readonly changes: readonly Change[]; readonly end: number };

/** Reads what is indexed, and what was found. Entries are never deleted, so their rows are the places of one log. */
export class Source {
  readonly #db: Database;
  readonly #entries: Statement;
  readonly #head: Statement;
  readonly #message: Statement;
  readonly #find: ReturnType<typeof selects>;

  constructor(db: Database) {
    this.#db = db;
    this.#entries = db.prepare('SELECT rowid, body FROM entry WHERE rowid > ? ORDER BY rowid LIMIT ?');
    this.#head = db.prepare('SELECT rowid FROM entry ORDER BY rowid DESC LIMIT 1');
    this.#message = db.prepare('SELECT rowid, id, body, sum FROM message WHERE room = ? AND number = ?');
    this.#find = selects(db);
  }

  /** Names this history. */
  history(): string {
    return text(one(this.#db, 'SELECT identity FROM meta'), 'identity');
  }

  /** The last place of the log. */
  head(): number {
    const row = this.#head.get();
    return row === undefined ? 0 : integer(row, 'rowid');
  }

  /** At most `limit` entries after a place. */
  changes(after: number, limit: number): LogPart {
    const known = new Set<string>();
    const changes: Change[] = [];
    let end = after;
    for (const entry of this.#entries.all(after, limit)) {
      end = integer(entry, 'rowid');
      const changed = changedBy(entry);
      const name = JSON.stringify(changed);
      if (changed === null || known.has(name)) continue;
      known.add(name);
      const line = this.#lineOf(changed);
      if (line !== null) changes.push({ place: end, ...line });
    }
    return { changes, end };
  }

  /** The row of a message; 0 for one that does not exist. */
  rowOf(room: number, number: number): number {
    const row = this.#message.get(room, number);
    return row === undefined ? 0 : integer(row, 'rowid');
  }

  messages(rows: readonly number[]): Message[] {
    return rows.flatMap((row) => sound(() => this.#find.messageIn(row)));
  }

  rooms(ids: readonly number[]): RoomRow[] {
    return ids.flatMap((id) => sound(() => this.#find.room(id)));
  }

  accounts(ids: readonly number[]): Account[] {
    return ids.flatMap((id) => sound(() => this.#find.account(id)));
  }

  /** Null for something that is not there. */
  #lineOf(changed: Changed): Omit<Change, 'place'> | null {
    const { kind } = changed;
    switch (kind) {
      case 'message': {
        const { room, number } = changed;
        const row = this.#message.get(room, number);
        if (row === undefined) return null; // STORE-137
        const [message] = sound(() => [decodeRow<Message>(row, room, number, text(row, 'id'))]);
        return { kind, row: integer(row, 'rowid'), line: message === undefined ? null : lineOf(messageTerms(message)) };
      }
      case 'room': {
        const [room] = this.rooms([changed.id]);
        return { kind, row: changed.id, line: room === undefined ? null : lineOf(roomTerms(room)) };
      }
      case 'account': {
        const [account] = this.accounts([changed.id]);
        return { kind, row: changed.id, line: account === undefined ? null : lineOf(accountTerms(account)) };
      }
    }
  }
}

function selects(db: Database) {
  return {
    messageIn: select(db, 'message', [], 'AND rowid = ?'),
    room: select(db, 'room', ['id']),
    account: select(db, 'account', ['person']),
  };
}

/** Nothing of a row that is damaged: it is not found, and does not keep others from being found. */
function sound<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return []; // STORE-137
  }
}

function changedBy(row: Row): Changed | null {
  let entry: EntryBody;
  try {
    entry = JSON.parse(text(row, 'body')) as EntryBody;
  } catch {
    return null; // STORE-137
  }
  switch (entry.type) {
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted':
      return { kind: 'message', room: entry.message.room, number: entry.message.number };
    case 'room-created':
      return { kind: 'room', id: entry.room };
    case 'room-renamed':
      return { kind: 'room', id: entry.row.id };
    case 'account-created':
    case 'account-changed':
    case 'account-deleted':
      return { kind: 'account', id: entry.account.person };
    default:
      return null;
  }
}
