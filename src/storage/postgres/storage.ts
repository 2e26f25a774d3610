import type { Entry, ReadPosition } from '../../core/model/entries.ts';
import type { FileInfo, Upload } from '../../core/model/file.ts';
import type { MessageId, PersonId, RoomId, StreamId } from '../../core/model/ids.ts';
import type { Invitation } from '../../core/model/invitation.ts';
import type { Message } from '../../core/model/message.ts';
import type { Credential, RoomMarkers } from '../../core/model/rows.ts';
import type { StoredSession } from '../../core/model/session.ts';
import type { Token } from '../../core/model/token.ts';
import type {
  AppendItem,
  AppendResult,
  AuthoredMessages,
  Found,
  KeptResult,
  MessagePage,
  Search,
  Snapshot,
  StreamPosition,
} from '../../core/ports.ts';
import type { ServerStorage } from '../server-storage.ts';
import type { Creation } from './migrations.ts';
import type { Queries } from './queries.ts';
import type { Searcher } from './searcher.ts';
import type { WriteSide } from './writer/write-side.ts';

/** The parts of an open store. */
export type Parts = Creation & {
  readonly writes: WriteSide;
  readonly queries: Queries;
  readonly searcher: Searcher;
  /** Ends the connections that read. */
  readonly close: () => Promise<void>;
};

/** The store as the world sees it. */
export class PostgresStorage implements ServerStorage {
  readonly serverId: number;
  readonly identity: string;
  readonly failed: Promise<Error>;
  readonly #parts: Parts;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.serverId = parts.serverId;
    this.identity = parts.identity;
    this.failed = parts.writes.failed;
  }

  append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    return this.#parts.writes.append(batch);
  }

  obstacle(): Promise<string | null> {
    return this.#parts.writes.obstacle();
  }

  changes(): Promise<readonly StreamPosition[] | null> {
    return this.#parts.writes.changes();
  }

  positions(streams: readonly StreamId[]): Promise<readonly number[]> {
    return this.#parts.queries.positions(streams);
  }

  entries(stream: StreamId, after: number, limit: number): Promise<readonly Entry[]> {
    return this.#parts.queries.entries(stream, after, limit);
  }

  load(stream: StreamId): Promise<Snapshot> {
    return this.#parts.queries.load(stream);
  }

  page(room: RoomId, before: number | null, limit: number): Promise<MessagePage> {
    return this.#parts.queries.page(room, before, limit);
  }

  message(id: MessageId): Promise<Message | null> {
    return this.#parts.queries.message(id);
  }

  credential(person: PersonId): Promise<Credential | null> {
    return this.#parts.queries.credential(person);
  }

  token(digest: string): Promise<Token | null> {
    return this.#parts.queries.token(digest);
  }

  invitation(digest: string): Promise<Invitation | null> {
    return this.#parts.queries.invitation(digest);
  }

  session(digest: string): Promise<StoredSession | null> {
    return this.#parts.queries.session(digest);
  }

  keptResult(scope: string, key: string): Promise<KeptResult | null> {
    return this.#parts.queries.keptResult(scope, key);
  }

  deliveryMarkers(person: PersonId): Promise<RoomMarkers> {
    return this.#parts.queries.deliveryMarkers(person);
  }

  furthestReads(room: RoomId): Promise<readonly ReadPosition[]> {
    return this.#parts.queries.furthestReads(room);
  }

  relatedTo(person: PersonId): Promise<readonly PersonId[]> {
    return this.#parts.queries.relatedTo(person);
  }

  messagesBy(person: PersonId, after: number, limit: number): Promise<AuthoredMessages> {
    return this.#parts.queries.messagesBy(person, after, limit);
  }

  file(id: string): Promise<FileInfo | null> {
    return this.#parts.queries.file(id);
  }

  fileBytes(person: PersonId): Promise<number> {
    return this.#parts.queries.fileBytes(person);
  }

  uploadsBefore(at: number, limit: number): Promise<readonly Upload[]> {
    return this.#parts.queries.uploadsBefore(at, limit);
  }

  namedDigests(digests: readonly string[]): Promise<readonly string[]> {
    return this.#parts.queries.namedDigests(digests);
  }

  search(search: Search): Promise<Found | null> {
    return this.#parts.searcher.search(search);
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([this.#parts.writes.close(), this.#parts.close()]).then(() => {});
    return this.#closed;
  }
}
