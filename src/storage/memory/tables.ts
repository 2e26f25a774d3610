import type { ReadPosition } from '../../core/model/entries.ts';
import type { FileInfo, Upload } from '../../core/model/file.ts';
import type { MessageId, PersonId, RoomId } from '../../core/model/ids.ts';
import type { Invitation } from '../../core/model/invitation.ts';
import { type Message, type Withheld, withheldOf } from '../../core/model/message.ts';
import type { SessionRow, StoredSession, SubscriptionRow } from '../../core/model/session.ts';
import type { AuthoredMessages, Found, Search } from '../../core/ports.ts';
import { bestFirst } from '../../core/text/search/best-first.ts';
import type { Token } from '../../core/model/token.ts';
import type { Credential, RoomMarkers, RowChange, TableName } from '../../core/model/rows.ts';
import { TABLES } from '../schema.ts';
import { isFoundMessage, mayFindRoom, namedAccount, namedRoom } from '../search.ts';
import type { DirectoryPart, PersonPart, RoomPart, SnapshotTables } from '../snapshot.ts';
import { MemoryTable } from './table.ts';

/** The tables of current state in memory. */
export class MemoryTables implements SnapshotTables {
  /** The withheld messages of each room, by number. */
  readonly #withheld = new Map<RoomId, Map<number, Withheld>>();
  readonly #tables = Object.fromEntries(TABLES.map((table) => [table, new MemoryTable(table)])) as {
    readonly [T in TableName]: MemoryTable<T>;
  };

  directoryPart(): DirectoryPart {
    const { ban, name, account, unit, unit_member } = this.#tables;
    return {
      bans: ban.all(),
      names: name.all(),
      accounts: account.all(),
      units: unit.all(), // STORE-100
      unitMembers: unit_member.all(), // STORE-100
    };
  }

  personPart(person: PersonId): PersonPart {
    const { contact, block, member, read, credential, token, upload } = this.#tables;
    return {
      contacts: contact.find('person', person).map(({ other }) => other),
      blocks: block.find('person', person).map(({ other }) => other),
      memberships: member.find('person', person),
      read: read.find('person', person),
      passwordPosition: credential.get(person)?.position ?? null,
      tokens: token.find('person', person),
      uploads: upload.find('person', person), // STORE-152
    };
  }

  roomPart(id: RoomId): RoomPart {
    const { room, message, mute, member, room_ban, invitation } = this.#tables;
    return {
      lastNumber: message.count('room', id),
      room: room.get(id),
      mutes: mute.find('room', id),
      members: member.find('room', id),
      roomBans: room_ban.find('room', id), // STORE-113
      invitations: invitation.find('room', id), // STORE-160
      withheld: [...(this.#withheld.get(id)?.values() ?? [])].sort((a, b) => a.number - b.number), // STORE-110
    };
  }

  /** The last `limit` messages below a number, in ascending number. */
  messages(room: RoomId, before: number, limit: number): Message[] {
    const { message } = this.#tables;
    const end = Math.min(before, message.count('room', room) + 1);
    const numbers = Array.from({ length: Math.min(limit, end - 1) }, (_, index) => end - 1 - index);
    return numbers.reverse().flatMap((number) => message.get(room, number) ?? []);
  }

  message(id: MessageId): Message | null {
    return this.#tables.message.find('id', id)[0] ?? null;
  }

  credential(person: PersonId): Credential | null {
    return this.#tables.credential.get(person);
  }

  token(digest: string): Token | null {
    return this.#tables.token.get(digest); // STORE-57
  }

  invitation(digest: string): Invitation | null {
    return this.#tables.invitation.get(digest); // STORE-160
  }

  session(digest: string): StoredSession | null {
    const { session, subscription } = this.#tables;
    const row = session.get(digest);
    if (row === null) return null;
    return { ...row, documents: subscription.find('session', digest).map(({ document }) => document) }; // STORE-140
  }

  deliveryMarkers(person: PersonId): RoomMarkers {
    return this.#tables.shown.find('person', person).map(({ room, number }) => [room, number] as const); // STORE-55
  }

  furthestReads(room: RoomId): ReadPosition[] {
    const positions = this.#tables.read.find('room', room);
    return positions.toSorted((a, b) => b.number - a.number).slice(0, 2); // STORE-111
  }

  relatedTo(person: PersonId): PersonId[] {
    const { contact, block } = this.#tables;
    const others = [contact, block].flatMap((table) => table.find('other', person).map((row) => row.person));
    return [...new Set(others)]; // STORE-90
  }

  messagesBy(person: PersonId, after: number, limit: number): AuthoredMessages {
    const all = this.#tables.message.all();
    const own = all.slice(after, after + limit).filter(({ author }) => author.id === person);
    const next = after + limit;
    return { ids: own.map(({ id }) => id), next: next < all.length ? next : null }; // STORE-91
  }

  file(id: string): FileInfo | null {
    const { upload, file } = this.#tables;
    return upload.get(id) ?? file.find('id', id)[0] ?? null; // STORE-151
  }

  fileBytes(person: PersonId): number {
    const { upload, file } = this.#tables;
    const files = [...upload.find('person', person), ...file.find('person', person)];
    return files.reduce((sum, { size }) => sum + size, 0); // STORE-153
  }

  uploadsBefore(at: number, limit: number): Upload[] {
    const old = this.#tables.upload.all().filter((upload) => upload.at <= at);
    return old.sort((a, b) => a.at - b.at).slice(0, limit); // STORE-152
  }

  namedDigests(digests: readonly string[]): string[] {
    const { upload, file } = this.#tables;
    return digests.filter((digest) => upload.count('digest', digest) + file.count('digest', digest) > 0); // STORE-154
  }

  search(search: Search): Found {
    const { account, room, message } = this.#tables;
    const { query, kinds, before, limit } = search;
    const accounts = kinds.includes('account') ? account.all().map(namedAccount) : [];
    const rooms = kinds.includes('room')
      ? room
          .all()
          .filter((row) => mayFindRoom(search, row))
          .map(namedRoom)
      : [];
    const messages = kinds.includes('message') ? message.all() : [];
    const isBefore = (one: Message) => one.room === before?.room && one.number === before.number;
    const end = before === null ? messages.length : messages.findIndex(isBefore);
    const found = messages.slice(0, Math.max(0, end)).filter((one) => isFoundMessage(search, one));
    return {
      accounts: bestFirst(query, accounts, limit), // STORE-124
      rooms: bestFirst(query, rooms, limit), // STORE-124
      messages: found.toReversed().slice(0, limit), // STORE-120
    };
  }

  change(change: Exclude<RowChange, { op: 'redact' }>): void {
    if (change.op === 'end-sessions') return this.#endSessions(change.person, change.token);
    if (change.op === 'renew') return this.#renew(change.row);
    if (change.op === 'put' && change.table === 'message') this.#noteWithheld(change.row);
    if (change.op === 'put' && change.table === 'subscription' && !this.#hasSession(change.row)) return; // STORE-142
    // The compiler does not see that a change and its table belong together.
    const table = this.#tables[change.table] as MemoryTable<TableName>;
    if (change.op === 'put') return table.put(change.row);
    if (change.op === 'drop') return table.drop(change);
    const [column, id] =
      'unit' in change
        ? ['unit', change.unit]
        : 'session' in change
          ? ['session', change.session]
          : ['person', change.person];
    for (const row of table.find(column as never, id)) table.drop(row); // STORE-92 STORE-101 STORE-141
  }

  #renew(row: SessionRow): void {
    const { session } = this.#tables;
    if (session.get(row.digest) !== null) session.put(row); // STORE-158
  }

  #endSessions(person: PersonId, token: string): void {
    const { session, subscription } = this.#tables;
    for (const row of session.find('person', person)) {
      if (row.token !== token) continue; // STORE-147
      session.drop(row);
      for (const one of subscription.find('session', row.digest)) subscription.drop(one); // STORE-147
    }
  }

  #hasSession({ session }: SubscriptionRow): boolean {
    return this.#tables.session.get(session) !== null;
  }

  #noteWithheld(message: Message): void {
    if (message.withheld !== true) return;
    const ofRoom = this.#withheld.get(message.room) ?? new Map<number, Withheld>();
    this.#withheld.set(message.room, ofRoom.set(message.number, withheldOf(message))); // STORE-110
  }
}
