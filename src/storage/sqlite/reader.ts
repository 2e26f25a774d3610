import type { Ban, Entry, Mute, TakenName } from '../../core/entries.ts';
import { directoryStream, type MessageId, type RoomId, roomStream, type StreamId } from '../../core/ids.ts';
import type { Message } from '../../core/message.ts';
import type { Page, Snapshot } from '../../core/ports.ts';
import type { RoomRow } from '../../core/rows.ts';
import { type Database, integer, setUpReader, type Statement, text } from './database.ts';
import { ENTRIES, entriesOf } from './records.ts';
import { unseal } from './seal.ts';

/** Answers questions about what is committed, each in one read transaction; throws when it cannot. */
export class Reader {
  readonly #connect: () => Database;
  #queries: Queries | null = null;

  /** `connect` opens the database anew; it is called again after a failure. */
  constructor(connect: () => Database) {
    this.#connect = connect;
  }

  heads(streams: readonly StreamId[]): number[] {
    return this.#read((queries) => streams.map((stream) => queries.head(stream)));
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    return this.#read((queries) => queries.entries(stream, after, limit));
  }

  load(stream: StreamId): Snapshot {
    return this.#read((queries) => queries.load(stream));
  }

  page(room: RoomId, before: number | null, limit: number): Page {
    return this.#read((queries) => ({
      position: queries.head(roomStream(room)),
      messages: queries.messages(room, before ?? Number.MAX_SAFE_INTEGER, limit),
    }));
  }

  message(id: MessageId): Message | null {
    return this.#read((queries) => queries.message(id));
  }

  /** Looks through the whole file; null if it is sound, else what is wrong with it. */
  check(): string | null {
    return this.#read((queries) => queries.check());
  }

  close(): void {
    this.#queries?.db.close();
    this.#queries = null;
  }

  #read<T>(question: (queries: Queries) => T): T {
    const queries = (this.#queries ??= this.#open());
    try {
      queries.db.exec('BEGIN'); // STORE-11 STORE-12
      const answer = question(queries);
      queries.db.exec('COMMIT');
      return answer;
    } catch (error) {
      // Whatever state the connection is in, a new one starts without it.
      this.close();
      throw error;
    }
  }

  #open(): Queries {
    const db = this.#connect();
    try {
      setUpReader(db);
      return new Queries(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }
}

/** The statements of one connection. */
class Queries {
  readonly db: Database;
  readonly #head: Statement;
  readonly #entries: Statement;
  readonly #messages: Statement;
  readonly #message: Statement;
  readonly #lastNumber: Statement;
  readonly #room: Statement;
  readonly #mutes: Statement;
  readonly #bans: Statement;
  readonly #names: Statement;

  constructor(db: Database) {
    this.db = db;
    this.#head = db.prepare('SELECT head FROM stream WHERE name = ?');
    this.#entries = db.prepare(ENTRIES);
    this.#messages = db.prepare(
      'SELECT number, id, body, sum FROM message WHERE room = ? AND number < ? ORDER BY number DESC LIMIT ?',
    );
    this.#message = db.prepare('SELECT room, number, body, sum FROM message WHERE id = ?');
    this.#lastNumber = db.prepare('SELECT number FROM message WHERE room = ? ORDER BY number DESC LIMIT 1');
    this.#room = db.prepare('SELECT body, sum FROM room WHERE id = ?');
    this.#mutes = db.prepare('SELECT skeleton, body, sum FROM mute WHERE room = ?');
    this.#bans = db.prepare('SELECT skeleton, body, sum FROM ban');
    this.#names = db.prepare('SELECT skeleton, body, sum FROM name');
  }

  head(stream: StreamId): number {
    const row = this.#head.get(stream);
    return row === undefined ? 0 : integer(row, 'head');
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    const expected = Math.min(limit, this.head(stream) - after);
    return entriesOf(this.#entries.all(stream, after, limit), stream, after, expected);
  }

  messages(room: RoomId, before: number, limit: number): Message[] {
    const rows = this.#messages.all(room, before, limit).reverse();
    return rows.map((row) => unseal<Message>(row, room, integer(row, 'number'), text(row, 'id')));
  }

  message(id: MessageId): Message | null {
    const row = this.#message.get(id);
    return row === undefined ? null : unseal<Message>(row, integer(row, 'room'), integer(row, 'number'), id);
  }

  load(stream: StreamId): Snapshot {
    const room = stream.startsWith('room/') ? Number(stream.slice('room/'.length)) : 0;
    const directory = stream === directoryStream; // STORE-14
    const roomRow = this.#room.get(room);
    const last = this.#lastNumber.get(room);
    return {
      position: this.head(stream),
      lastNumber: last === undefined ? 0 : integer(last, 'number'),
      room: roomRow === undefined ? null : unseal<RoomRow>(roomRow, room),
      mutes: this.#mutes.all(room).map((row) => unseal<Mute>(row, room, text(row, 'skeleton'))),
      bans: directory ? this.#bans.all().map((row) => unseal<Ban>(row, text(row, 'skeleton'))) : [],
      names: directory ? this.#names.all().map((row) => unseal<TakenName>(row, text(row, 'skeleton'))) : [],
    };
  }

  check(): string | null {
    const result = this.db.prepare('PRAGMA quick_check(1)').get();
    const found = result === undefined ? 'no answer' : text(result, 'quick_check');
    return found === 'ok' ? null : found.replaceAll('\n', ' '); // STORE-39
  }
}
