import type { Entry, ReadPosition } from '../../core/model/entries.ts';
import type { FileInfo, Upload } from '../../core/model/file.ts';
import type { MessageId, PersonId, RoomId, StreamId } from '../../core/model/ids.ts';
import { type Message, withheldOf } from '../../core/model/message.ts';
import type { AuthoredMessages, KeptResult } from '../../core/ports.ts';
import type { Credential, RoomMarkers, TableName, Tables } from '../../core/model/rows.ts';
import type { Invitation } from '../../core/model/invitation.ts';
import type { StoredSession } from '../../core/model/session.ts';
import type { Token } from '../../core/model/token.ts';
import { columnsOf } from '../schema.ts';
import type { DirectoryPart, PersonPart, RoomPart, SnapshotTables } from '../snapshot.ts';
import { decodeRow } from './checksum.ts';
import { type Database, integer, type Statement, text, type Value } from './database.ts';
import { ENTRIES, entriesOf, KEPT_RESULT, resultOf } from './stream-store.ts';

const FILE_BYTES = `SELECT coalesce(sum(size), 0) AS bytes FROM (
  SELECT body ->> '$.size' AS size FROM upload WHERE person = ?
  UNION ALL SELECT body ->> '$.size' FROM file WHERE person = ?)`;
const NAMED_DIGESTS = `SELECT digest FROM upload WHERE digest IN (SELECT value FROM json_each(?))
  UNION SELECT digest FROM file WHERE digest IN (SELECT value FROM json_each(?))`;

/** The reads of one connection; the caller runs them inside a transaction. */
export class Queries implements SnapshotTables {
  readonly db: Database;
  readonly #head: Statement;
  readonly #entries: Statement;
  readonly #keptResult: Statement;
  readonly #lastNumber: Statement;
  readonly #lastPlace: Statement;
  readonly #fileBytes: Statement;
  readonly #namedDigests: Statement;
  readonly #find: ReturnType<typeof selects>;

  constructor(db: Database) {
    this.db = db;
    this.#head = db.prepare('SELECT head FROM stream WHERE name = ?');
    this.#entries = db.prepare(ENTRIES);
    this.#keptResult = db.prepare(KEPT_RESULT);
    this.#lastNumber = db.prepare('SELECT number FROM message WHERE room = ? ORDER BY number DESC LIMIT 1');
    this.#lastPlace = db.prepare('SELECT rowid FROM message ORDER BY rowid DESC LIMIT 1');
    this.#fileBytes = db.prepare(FILE_BYTES);
    this.#namedDigests = db.prepare(NAMED_DIGESTS);
    this.#find = selects(db);
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
    return this.#find.messages(room, before, limit).reverse();
  }

  message(id: MessageId): Message | null {
    return this.#find.message(id)[0] ?? null;
  }

  credential(person: PersonId): Credential | null {
    return this.#find.credential(person)[0] ?? null; // STORE-52
  }

  token(digest: string): Token | null {
    return this.#find.token(digest)[0] ?? null; // STORE-57
  }

  invitation(digest: string): Invitation | null {
    return this.#find.invitation(digest)[0] ?? null; // STORE-160
  }

  session(digest: string): StoredSession | null {
    const [session] = this.#find.session(digest);
    const documents = this.#find.subscriptions(digest).map(({ document }) => document);
    return session === undefined ? null : { ...session, documents }; // STORE-140
  }

  keptResult(scope: string, key: string): KeptResult | null {
    return resultOf(this.#keptResult.get(scope, key)); // STORE-145
  }

  deliveryMarkers(person: PersonId): RoomMarkers {
    return this.#find.shown(person).map(({ room, number }) => [room, number] as const); // STORE-55
  }

  furthestReads(room: RoomId): ReadPosition[] {
    return this.#find.furthestReads(room);
  }

  relatedTo(person: PersonId): PersonId[] {
    const found = [...this.#find.contactsOn(person), ...this.#find.blocksOn(person)];
    return [...new Set(found.map((row) => row.person))]; // STORE-90
  }

  messagesBy(person: PersonId, after: number, limit: number): AuthoredMessages {
    const next = after + limit;
    const found = this.#find.authored(person, after, next);
    const last = this.#lastPlace.get();
    return { ids: found.map(({ id }) => id), next: last !== undefined && integer(last, 'rowid') > next ? next : null }; // STORE-91
  }

  file(id: string): FileInfo | null {
    return this.#find.upload(id)[0] ?? this.#find.file(id)[0] ?? null; // STORE-151
  }

  fileBytes(person: PersonId): number {
    return integer(this.#fileBytes.get(person, person) ?? {}, 'bytes'); // STORE-153
  }

  uploadsBefore(at: number, limit: number): Upload[] {
    return this.#find.uploadsBefore(at, limit); // STORE-152
  }

  namedDigests(digests: readonly string[]): string[] {
    const asked = JSON.stringify(digests);
    return this.#namedDigests.all(asked, asked).map((row) => text(row, 'digest')); // STORE-154
  }

  directoryPart(): DirectoryPart {
    return {
      bans: this.#find.bans(),
      names: this.#find.names(),
      accounts: this.#find.accounts(),
      units: this.#find.units(), // STORE-100
      unitMembers: this.#find.unitMembers(), // STORE-100
    };
  }

  personPart(person: PersonId): PersonPart {
    return {
      contacts: this.#find.contacts(person).map(({ other }) => other),
      blocks: this.#find.blocks(person).map(({ other }) => other),
      memberships: this.#find.memberships(person),
      read: this.#find.read(person),
      passwordPosition: this.credential(person)?.position ?? null,
      tokens: this.#find.tokens(person),
      uploads: this.#find.uploads(person), // STORE-152
    };
  }

  roomPart(room: RoomId): RoomPart {
    const last = this.#lastNumber.get(room);
    return {
      lastNumber: last === undefined ? 0 : integer(last, 'number'),
      room: this.#find.room(room)[0] ?? null,
      mutes: this.#find.mutes(room),
      members: this.#find.members(room),
      roomBans: this.#find.roomBans(room), // STORE-113
      invitations: this.#find.invitations(room), // STORE-160
      withheld: this.#find.withheld(room).map(withheldOf), // STORE-110
    };
  }

  check(): string | null {
    const result = this.db.prepare('PRAGMA quick_check(1)').get();
    const found = result === undefined ? 'no answer' : text(result, 'quick_check');
    return found === 'ok' ? null : found.replaceAll('\n', ' '); // STORE-39
  }
}

function selects(db: Database) {
  return {
    messages: select(db, 'message', ['room'], 'AND number < ? ORDER BY number DESC LIMIT ?'),
    message: select(db, 'message', ['id']),
    withheld: select(db, 'message', ['room'], "AND body ->> '$.withheld' IS NOT NULL ORDER BY number"), // STORE-112
    authored: select(db, 'message', [], "AND body ->> '$.author.id' = ? AND rowid > ? AND rowid <= ? ORDER BY rowid"),
    room: select(db, 'room', ['id']),
    mutes: select(db, 'mute', ['room']),
    members: select(db, 'member', ['room']),
    roomBans: select(db, 'room_ban', ['room']),
    invitations: select(db, 'invitation', ['room']),
    invitation: select(db, 'invitation', ['digest']),
    memberships: select(db, 'member', ['person']),
    bans: select(db, 'ban', []),
    names: select(db, 'name', []),
    accounts: select(db, 'account', []),
    units: select(db, 'unit', []),
    unitMembers: select(db, 'unit_member', []),
    contacts: select(db, 'contact', ['person']),
    blocks: select(db, 'block', ['person']),
    contactsOn: select(db, 'contact', ['other']),
    blocksOn: select(db, 'block', ['other']),
    read: select(db, 'read', ['person']),
    furthestReads: select(db, 'read', ['room'], "ORDER BY body ->> '$.number' DESC LIMIT 2"), // STORE-111 STORE-112
    credential: select(db, 'credential', ['person']),
    uploads: select(db, 'upload', ['person']),
    upload: select(db, 'upload', ['id']),
    uploadsBefore: select(db, 'upload', [], "AND body ->> '$.at' <= ? ORDER BY body ->> '$.at' LIMIT ?"),
    file: select(db, 'file', ['id']),
    tokens: select(db, 'token', ['person']),
    token: select(db, 'token', ['digest']),
    session: select(db, 'session', ['digest']),
    subscriptions: select(db, 'subscription', ['session']),
    shown: select(db, 'shown', ['person']),
  };
}

/**
 * Prepares a query for the rows of a table that have given values in the columns `by`; `rest` may take more values.
 * The result throws when a row is damaged, or is not the one that these values name (STORE-43).
 */
export function select<T extends TableName>(db: Database, table: T, by: readonly string[], rest = '') {
  const { columns } = columnsOf(table);
  const where = by.map((column) => `${column} = ?`).join(' AND ') || 'TRUE';
  const statement = db.prepare(`SELECT ${columns.join()}, body, sum FROM ${table} WHERE ${where} ${rest}`);
  return (...values: Value[]) =>
    statement.all(...values).map((row) => {
      // A damaged index may lead to another row, so the checksum is compared with the key that was asked for.
      const key = columns.map((column) => (by.includes(column) ? values[by.indexOf(column)] : row[column]) as Value);
      return decodeRow<Tables[T]>(row, ...key);
    });
}
