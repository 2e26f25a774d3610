import type { Entry, ReadPosition } from '../../core/model/entries.ts';
import type { FileInfo, Upload } from '../../core/model/file.ts';
import { type MessageId, type PersonId, type RoomId, roomStream, type StreamId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { AuthoredMessages, KeptResult, MessagePage, Snapshot } from '../../core/ports.ts';
import type { Credential, RoomMarkers } from '../../core/model/rows.ts';
import type { Invitation } from '../../core/model/invitation.ts';
import type { StoredSession } from '../../core/model/session.ts';
import type { Token } from '../../core/model/token.ts';
import { reasonOf } from '../../lib/reason.ts';
import { snapshotOf } from '../snapshot.ts';
import { type Database, isDamage } from './database.ts';
import { Queries } from './queries.ts';
import { ReadConnection } from './read-connection.ts';

/** Reads committed state, each call in one transaction; throws when it cannot. */
export class Reader {
  readonly #connection: ReadConnection<Queries>;

  /** `connect` opens the database; it is called again after a failure. */
  constructor(connect: () => Database) {
    this.#connection = new ReadConnection(connect, (db) => new Queries(db));
  }

  positions(streams: readonly StreamId[]): number[] {
    return this.#read((queries) => streams.map((stream) => queries.head(stream)));
  }

  entries(stream: StreamId, after: number, limit: number): Entry[] {
    return this.#read((queries) => queries.entries(stream, after, limit));
  }

  load(stream: StreamId): Snapshot {
    return this.#read((queries) => snapshotOf(stream, queries.head(stream), queries));
  }

  page(room: RoomId, before: number | null, limit: number): MessagePage {
    return this.#read((queries) => ({
      position: queries.head(roomStream(room)),
      messages: queries.messages(room, before ?? Number.MAX_SAFE_INTEGER, limit),
    }));
  }

  message(id: MessageId): Message | null {
    return this.#read((queries) => queries.message(id));
  }

  credential(person: PersonId): Credential | null {
    return this.#read((queries) => queries.credential(person));
  }

  token(digest: string): Token | null {
    return this.#read((queries) => queries.token(digest));
  }

  invitation(digest: string): Invitation | null {
    return this.#read((queries) => queries.invitation(digest));
  }

  session(digest: string): StoredSession | null {
    return this.#read((queries) => queries.session(digest));
  }

  keptResult(scope: string, key: string): KeptResult | null {
    return this.#read((queries) => queries.keptResult(scope, key));
  }

  deliveryMarkers(person: PersonId): RoomMarkers {
    return this.#read((queries) => queries.deliveryMarkers(person));
  }

  furthestReads(room: RoomId): ReadPosition[] {
    return this.#read((queries) => queries.furthestReads(room));
  }

  relatedTo(person: PersonId): PersonId[] {
    return this.#read((queries) => queries.relatedTo(person));
  }

  messagesBy(person: PersonId, after: number, limit: number): AuthoredMessages {
    return this.#read((queries) => queries.messagesBy(person, after, limit));
  }

  file(id: string): FileInfo | null {
    return this.#read((queries) => queries.file(id));
  }

  fileBytes(person: PersonId): number {
    return this.#read((queries) => queries.fileBytes(person));
  }

  uploadsBefore(at: number, limit: number): Upload[] {
    return this.#read((queries) => queries.uploadsBefore(at, limit));
  }

  namedDigests(digests: readonly string[]): string[] {
    return this.#read((queries) => queries.namedDigests(digests));
  }

  /** Checks the whole file; returns null if it is sound, else the damage that was found. Throws when it cannot be checked. */
  check(): string | null {
    try {
      return this.#read((queries) => queries.check());
    } catch (error) {
      if (isDamage(error)) return reasonOf(error);
      throw error; // STORE-68
    }
  }

  close(): void {
    this.#connection.close();
  }

  #read<T>(question: (queries: Queries) => T): T {
    return this.#connection.read(question);
  }
}
