import type { Account } from '../../core/model/account.ts';
import type { Ban, Entry, Mute, ReadPosition, TakenName, Relationship } from '../../core/model/entries.ts';
import type { MessageId, PersonId, RoomId, StreamId } from '../../core/model/ids.ts';
import type { Member } from '../../core/model/member.ts';
import type { Message } from '../../core/model/message.ts';
import type { Snapshot } from '../../core/ports.ts';
import type { RoomRow } from '../../core/model/room.ts';
import type { Credential, DeliveryMarkerRow } from '../../core/state/projection.ts';
import type { Token } from '../../core/model/token.ts';
import type { SnapshotTables } from '../snapshot.ts';
import { type Database, integer, type Statement, text } from './database.ts';
import { ENTRIES, entriesOf } from './records.ts';
import { decodeRow } from './checksum.ts';

/** What can be asked of one connection, inside a transaction of its user's. */
export class Queries implements SnapshotTables {
  readonly db: Database;
  readonly #head: Statement;
  readonly #entries: Statement;
  readonly #messages: Statement;
  readonly #message: Statement;
  readonly #lastNumber: Statement;
  readonly #room: Statement;
  readonly #mutes: Statement;
  readonly #members: Statement;
  readonly #bans: Statement;
  readonly #names: Statement;
  readonly #accounts: Statement;
  readonly #contacts: Statement;
  readonly #blocks: Statement;
  readonly #memberships: Statement;
  readonly #positions: Statement;
  readonly #credential: Statement;
  readonly #tokens: Statement;
  readonly #token: Statement;
  readonly #shown: Statement;

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
    this.#members = db.prepare('SELECT person, body, sum FROM member WHERE room = ?');
    this.#bans = db.prepare('SELECT skeleton, body, sum FROM ban');
    this.#names = db.prepare('SELECT skeleton, body, sum FROM name');
    this.#accounts = db.prepare('SELECT skeleton, person, body, sum FROM account');
    this.#contacts = db.prepare('SELECT other, body, sum FROM contact WHERE person = ?');
    this.#blocks = db.prepare('SELECT other, body, sum FROM block WHERE person = ?');
    this.#memberships = db.prepare('SELECT room, body, sum FROM member WHERE person = ?');
    this.#positions = db.prepare('SELECT room, body, sum FROM read WHERE person = ?');
    this.#credential = db.prepare('SELECT body, sum FROM credential WHERE person = ?');
    this.#tokens = db.prepare('SELECT digest, body, sum FROM token WHERE person = ?');
    this.#token = db.prepare('SELECT person, body, sum FROM token WHERE digest = ?');
    this.#shown = db.prepare('SELECT body, sum FROM shown WHERE person = ?');
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
    return rows.map((row) => decodeRow<Message>(row, room, integer(row, 'number'), text(row, 'id')));
  }

  message(id: MessageId): Message | null {
    const row = this.#message.get(id);
    return row === undefined ? null : decodeRow<Message>(row, integer(row, 'room'), integer(row, 'number'), id);
  }

  credential(person: PersonId): Credential | null {
    const row = this.#credential.get(person);
    return row === undefined ? null : decodeRow<Credential>(row, person); // STORE-52
  }

  token(digest: string): Token | null {
    const row = this.#token.get(digest);
    return row === undefined ? null : decodeRow<Token>(row, digest, integer(row, 'person')); // STORE-57
  }

  deliveryMarkers(person: PersonId): DeliveryMarkerRow['rooms'] {
    const row = this.#shown.get(person);
    return row === undefined ? [] : decodeRow<DeliveryMarkerRow>(row, person).rooms; // STORE-55
  }

  ofDirectory(): Pick<Snapshot, 'bans' | 'names' | 'accounts'> {
    return {
      bans: this.#bans.all().map((row) => decodeRow<Ban>(row, text(row, 'skeleton'))),
      names: this.#names.all().map((row) => decodeRow<TakenName>(row, text(row, 'skeleton'))),
      accounts: this.#accounts
        .all()
        .map((row) => decodeRow<Account>(row, text(row, 'skeleton'), integer(row, 'person'))),
    };
  }

  ofPerson(
    person: PersonId,
  ): Pick<Snapshot, 'contacts' | 'blocks' | 'memberships' | 'read' | 'passwordPosition' | 'tokens'> {
    return {
      contacts: othersIn(this.#contacts, person),
      blocks: othersIn(this.#blocks, person),
      memberships: this.#memberships.all(person).map((row) => decodeRow<Member>(row, integer(row, 'room'), person)),
      read: this.#positions.all(person).map((row) => decodeRow<ReadPosition>(row, person, integer(row, 'room'))),
      passwordPosition: this.credential(person)?.position ?? null,
      tokens: this.#tokens.all(person).map((row) => decodeRow<Token>(row, text(row, 'digest'), person)),
    };
  }

  ofRoom(room: RoomId): Pick<Snapshot, 'lastNumber' | 'room' | 'mutes' | 'members'> {
    const found = this.#room.get(room);
    const last = this.#lastNumber.get(room);
    return {
      lastNumber: last === undefined ? 0 : integer(last, 'number'),
      room: found === undefined ? null : decodeRow<RoomRow>(found, room),
      mutes: this.#mutes.all(room).map((row) => decodeRow<Mute>(row, room, text(row, 'skeleton'))),
      members: this.#members.all(room).map((row) => decodeRow<Member>(row, room, integer(row, 'person'))),
    };
  }

  check(): string | null {
    const result = this.db.prepare('PRAGMA quick_check(1)').get();
    const found = result === undefined ? 'no answer' : text(result, 'quick_check');
    return found === 'ok' ? null : found.replaceAll('\n', ' '); // STORE-39
  }
}

/** Whom a person is tied to, in the table of a statement. */
function othersIn(ties: Statement, person: PersonId): PersonId[] {
  return ties.all(person).map((row) => decodeRow<Relationship>(row, person, integer(row, 'other')).other);
}
