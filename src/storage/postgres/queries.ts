import type { Entry, EntryBody, ReadPosition } from '../../core/model/entries.ts';
import type { FileInfo, Upload } from '../../core/model/file.ts';
import {
  type MessageId,
  parseStream,
  type PersonId,
  type RoomId,
  roomStream,
  type StreamId,
} from '../../core/model/ids.ts';
import type { Invitation } from '../../core/model/invitation.ts';
import type { Message } from '../../core/model/message.ts';
import type { Credential, RoomMarkers } from '../../core/model/rows.ts';
import type { StoredSession } from '../../core/model/session.ts';
import type { Token } from '../../core/model/token.ts';
import type { AuthoredMessages, KeptResult, MessagePage, Snapshot } from '../../core/ports.ts';
import { snapshotOf } from '../snapshot.ts';
import { StorageUnavailable } from '../unavailable.ts';
import type { Reader } from './reader.ts';
import { type SnapshotRow, SnapshotRows } from './snapshot-rows.ts';
import { type StatementName, statement } from './statements.ts';
import { readText, storedText } from './stored-text.ts';

type Body = { readonly body: string };

/** Reads committed state. Each read is one statement. */
export class Queries {
  readonly #reader: Pick<Reader, 'ask' | 'askMuch'>;

  constructor(reader: Pick<Reader, 'ask' | 'askMuch'>) {
    this.#reader = reader;
  }

  async positions(streams: readonly StreamId[]): Promise<number[]> {
    const rows = await this.#ask<{ head: number }>('positions', streams);
    return rows.map(({ head }) => head);
  }

  async entries(stream: StreamId, after: number, limit: number): Promise<Entry[]> {
    const rows = await this.#ask<Body & { position: number }>('entries', stream, after, limit);
    return rows.map(({ position, body }, index) => {
      if (position !== after + 1 + index) throw new StorageUnavailable('the database lacks entries of a stream');
      return { stream, position, body: JSON.parse(body) as EntryBody };
    });
  }

  async load(stream: StreamId): Promise<Snapshot> {
    const { kind, id } = parseStream(stream);
    const rows = new SnapshotRows(
      kind === 'directory'
        ? await this.#reader.askMuch<SnapshotRow>(statement('loadDirectory'), [stream]) // STORE-193
        : await this.#ask<SnapshotRow>(kind === 'person' ? 'loadPerson' : 'loadRoom', stream, id),
    );
    return snapshotOf(stream, rows.head(), rows);
  }

  async page(room: RoomId, before: number | null, limit: number): Promise<MessagePage> {
    const end = before ?? Number.MAX_SAFE_INTEGER;
    const rows = await this.#ask<{ head: number; body: string | null }>('page', roomStream(room), end, limit);
    const messages = rows.flatMap(({ body }) => (body === null ? [] : messageIn(body)));
    return { position: rows[0]?.head ?? 0, messages };
  }

  async message(id: MessageId): Promise<Message | null> {
    const [row] = await this.#ask<Body>('message', storedText(id));
    return row === undefined ? null : messageIn(row.body);
  }

  credential(person: PersonId): Promise<Credential | null> {
    return this.#one<Credential>('credential', person); // STORE-52
  }

  token(digest: string): Promise<Token | null> {
    return this.#one<Token>('token', storedText(digest)); // STORE-57
  }

  invitation(digest: string): Promise<Invitation | null> {
    return this.#one<Invitation>('invitation', storedText(digest)); // STORE-160
  }

  async session(digest: string): Promise<StoredSession | null> {
    const rows = new SnapshotRows(await this.#ask<SnapshotRow>('session', storedText(digest)));
    const [session] = rows.all('session');
    const documents = rows.all('subscription').map(({ document }) => document);
    return session === undefined ? null : { ...session, documents }; // STORE-140
  }

  async keptResult(scope: string, key: string): Promise<KeptResult | null> {
    const [row] = await this.#ask<KeptResult>('keptResult', storedText(scope), storedText(key));
    if (row === undefined) return null;
    const { digest, result, expires } = row;
    return { digest: readText(digest), result: readText(result), expires }; // STORE-145
  }

  async deliveryMarkers(person: PersonId): Promise<RoomMarkers> {
    const rows = await this.#ask<{ room: RoomId; number: number }>('deliveryMarkers', person);
    return rows.map(({ room, number }) => [room, number]); // STORE-55
  }

  furthestReads(room: RoomId): Promise<ReadPosition[]> {
    return this.#all<ReadPosition>('furthestReads', room); // STORE-111
  }

  async relatedTo(person: PersonId): Promise<PersonId[]> {
    const rows = await this.#ask<{ person: PersonId }>('relatedTo', person);
    return rows.map((row) => row.person); // STORE-90
  }

  async messagesBy(person: PersonId, after: number, limit: number): Promise<AuthoredMessages> {
    const rows = await this.#ask<{ id: string | null; seq: number }>('messagesBy', person, after, after + limit);
    const ids = rows.flatMap(({ id }) => (id === null ? [] : readText(id)));
    const later = rows.find(({ id }) => id === null);
    // These numbers have holes, where nothing was committed.
    return { ids, next: later === undefined ? null : later.seq - 1 }; // STORE-91
  }

  async file(id: string): Promise<FileInfo | null> {
    const rows = new SnapshotRows(await this.#ask<SnapshotRow>('file', storedText(id)));
    return rows.all('upload')[0] ?? rows.all('file')[0] ?? null; // STORE-151
  }

  async fileBytes(person: PersonId): Promise<number> {
    const [row] = await this.#ask<{ bytes: number }>('fileBytes', person);
    return row?.bytes ?? 0; // STORE-153
  }

  uploadsBefore(at: number, limit: number): Promise<Upload[]> {
    return this.#all<Upload>('uploadsBefore', Math.floor(at), limit); // STORE-152
  }

  async namedDigests(digests: readonly string[]): Promise<string[]> {
    const rows = await this.#ask<{ digest: string }>('namedDigests', digests.map(storedText));
    return rows.map(({ digest }) => readText(digest)); // STORE-154
  }

  async #one<T>(name: StatementName, ...values: readonly unknown[]): Promise<T | null> {
    return (await this.#all<T>(name, ...values))[0] ?? null;
  }

  async #all<T>(name: StatementName, ...values: readonly unknown[]): Promise<T[]> {
    const rows = await this.#ask<Body>(name, ...values);
    return rows.map(({ body }) => JSON.parse(body) as T);
  }

  #ask<Row extends object>(name: StatementName, ...values: readonly unknown[]): Promise<Row[]> {
    return this.#reader.ask<Row>(statement(name), values);
  }
}

/** The message in the entry that has it as it is now. */
export function messageIn(body: string): Message {
  const entry = JSON.parse(body) as EntryBody;
  if (!('message' in entry)) throw new StorageUnavailable('the database has no message where one should be');
  return entry.message;
}
