import type { Entry, ReadPosition } from '../../core/model/entries.ts';
import type { FileInfo, Upload } from '../../core/model/file.ts';
import { type MessageId, type PersonId, type RoomId, roomStream, type StreamId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type {
  AppendItem,
  AppendResult,
  AuthoredMessages,
  Clock,
  KeptResult,
  Found,
  MessagePage,
  Search,
  Snapshot,
  Storage,
  StreamPosition,
} from '../../core/ports.ts';
import type { Credential, RoomMarkers } from '../../core/model/rows.ts';
import type { Invitation } from '../../core/model/invitation.ts';
import type { StoredSession } from '../../core/model/session.ts';
import type { Token } from '../../core/model/token.ts';
import { appendBatch } from '../append.ts';
import { snapshotOf } from '../snapshot.ts';
import { StorageUnavailable, unavailable } from '../unavailable.ts';
import { MemoryStreamStore } from './stream-store.ts';
import { UnseenChanges } from './unseen-changes.ts';

/** What the nodes of one store share. */
type Shared = { readonly streams: MemoryStreamStore; readonly nodes: Set<UnseenChanges> };

/** One node's store, which lasts as long as the process. Each call is answered whole, in the order of the calls. */
export class MemoryStorage implements Storage {
  /** No history in memory is ever restored from a backup. */
  readonly identity = 'memory';
  readonly #clock: Pick<Clock, 'now'>;
  readonly #shared: Shared;
  readonly #unseen = new UnseenChanges();
  #closed = false;

  /** A new store, or that of a node with which this one shares everything. */
  constructor(clock: Pick<Clock, 'now'>, other?: MemoryStorage) {
    this.#clock = clock;
    this.#shared = other === undefined ? { streams: new MemoryStreamStore(), nodes: new Set() } : other.#shared;
    this.#shared.nodes.add(this.#unseen);
  }

  /** The store of another node, with the same contents. Each is told of what the others write, and is closed alone. */
  join(): MemoryStorage {
    return new MemoryStorage(this.#clock, this);
  }

  async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    const sent = structuredClone(batch);
    await Promise.resolve();
    if (this.#closed) return unavailable(sent, CLOSED); // STORE-19
    const { results, heads } = appendBatch(sent, this.#shared.streams, this.#clock.now());
    for (const unseen of this.#shared.nodes) if (unseen !== this.#unseen) unseen.note(heads); // STORE-172 STORE-173
    return results;
  }

  changes(): Promise<readonly StreamPosition[] | null> {
    return this.#read(() => this.#unseen.take());
  }

  positions(streams: readonly StreamId[]): Promise<readonly number[]> {
    const asked = [...streams];
    return this.#read((streams) => asked.map((stream) => streams.head(stream)));
  }

  entries(stream: StreamId, after: number, limit: number): Promise<readonly Entry[]> {
    return this.#read((streams) => streams.entries(stream, after, limit));
  }

  load(stream: StreamId): Promise<Snapshot> {
    return this.#read((streams) => snapshotOf(stream, streams.head(stream), streams.tables));
  }

  page(room: RoomId, before: number | null, limit: number): Promise<MessagePage> {
    return this.#read((streams) => ({
      position: streams.head(roomStream(room)),
      messages: streams.tables.messages(room, before ?? Infinity, limit),
    }));
  }

  message(id: MessageId): Promise<Message | null> {
    return this.#read((streams) => streams.tables.message(id));
  }

  credential(person: PersonId): Promise<Credential | null> {
    return this.#read((streams) => streams.tables.credential(person));
  }

  token(digest: string): Promise<Token | null> {
    return this.#read((streams) => streams.tables.token(digest));
  }

  invitation(digest: string): Promise<Invitation | null> {
    return this.#read((streams) => streams.tables.invitation(digest));
  }

  session(digest: string): Promise<StoredSession | null> {
    return this.#read((streams) => streams.tables.session(digest));
  }

  keptResult(scope: string, key: string): Promise<KeptResult | null> {
    return this.#read((streams) => {
      const kept = streams.once(scope, key);
      return kept === null ? null : { digest: kept.digest, result: kept.result, expires: kept.expires };
    });
  }

  deliveryMarkers(person: PersonId): Promise<RoomMarkers> {
    return this.#read((streams) => streams.tables.deliveryMarkers(person));
  }

  furthestReads(room: RoomId): Promise<readonly ReadPosition[]> {
    return this.#read((streams) => streams.tables.furthestReads(room));
  }

  relatedTo(person: PersonId): Promise<readonly PersonId[]> {
    return this.#read((streams) => streams.tables.relatedTo(person));
  }

  messagesBy(person: PersonId, after: number, limit: number): Promise<AuthoredMessages> {
    return this.#read((streams) => streams.tables.messagesBy(person, after, limit));
  }

  file(id: string): Promise<FileInfo | null> {
    return this.#read((streams) => streams.tables.file(id));
  }

  fileBytes(person: PersonId): Promise<number> {
    return this.#read((streams) => streams.tables.fileBytes(person));
  }

  uploadsBefore(at: number, limit: number): Promise<readonly Upload[]> {
    return this.#read((streams) => streams.tables.uploadsBefore(at, limit));
  }

  namedDigests(digests: readonly string[]): Promise<readonly string[]> {
    const asked = [...digests];
    return this.#read((streams) => streams.tables.namedDigests(asked));
  }

  search(search: Search): Promise<Found | null> {
    const asked = structuredClone(search);
    return this.#read((streams) => streams.tables.search(asked));
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.#closed = true;
    this.#shared.nodes.delete(this.#unseen);
  }

  async #read<T>(question: (streams: MemoryStreamStore) => T): Promise<T> {
    await Promise.resolve();
    if (this.#closed) throw new StorageUnavailable(CLOSED); // STORE-19
    return question(this.#shared.streams);
  }
}

const CLOSED = 'the store is closed';
