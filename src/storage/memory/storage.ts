import type { Entry } from '../../core/model/entries.ts';
import { type MessageId, type PersonId, type RoomId, roomStream, type StreamId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { AppendItem, AppendResult, Clock, MessagePage, Snapshot, Storage } from '../../core/ports.ts';
import type { Credential, DeliveryMarkerRow } from '../../core/state/projection.ts';
import type { Token } from '../../core/model/token.ts';
import { appendBatch } from '../append.ts';
import { snapshotOf } from '../snapshot.ts';
import { StorageUnavailable } from '../unavailable.ts';
import { MemoryRecords } from './records.ts';

/** A store that lasts as long as the process. Several worlds may share it: each call is answered whole, in the order of the calls. */
export class MemoryStorage implements Storage {
  readonly #records = new MemoryRecords();
  readonly #clock: Pick<Clock, 'now'>;
  #closed = false;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    const sent = structuredClone(batch);
    await arrival();
    if (this.#closed) return sent.map(() => ({ type: 'unavailable', reason: CLOSED })); // STORE-19
    return appendBatch(sent, this.#records, this.#clock.now());
  }

  positions(streams: readonly StreamId[]): Promise<readonly number[]> {
    const asked = [...streams];
    return this.#read((records) => asked.map((stream) => records.head(stream)));
  }

  entries(stream: StreamId, after: number, limit: number): Promise<readonly Entry[]> {
    return this.#read((records) => records.entries(stream, after, limit));
  }

  load(stream: StreamId): Promise<Snapshot> {
    return this.#read((records) => snapshotOf(stream, records.head(stream), records.rows));
  }

  page(room: RoomId, before: number | null, limit: number): Promise<MessagePage> {
    return this.#read((records) => ({
      position: records.head(roomStream(room)),
      messages: records.rows.messages(room, before ?? Infinity, limit),
    }));
  }

  message(id: MessageId): Promise<Message | null> {
    return this.#read((records) => records.rows.message(id));
  }

  credential(person: PersonId): Promise<Credential | null> {
    return this.#read((records) => records.rows.credential(person));
  }

  token(digest: string): Promise<Token | null> {
    return this.#read((records) => records.rows.token(digest));
  }

  deliveryMarkers(person: PersonId): Promise<DeliveryMarkerRow['rooms']> {
    return this.#read((records) => records.rows.deliveryMarkers(person));
  }

  async close(): Promise<void> {
    await arrival();
    this.#closed = true;
  }

  async #read<T>(question: (records: MemoryRecords) => T): Promise<T> {
    await arrival();
    if (this.#closed) throw new StorageUnavailable(CLOSED); // STORE-19
    return question(this.#records);
  }
}

const CLOSED = 'the store is closed';

/** No answer comes in the turn of its question; questions arrive in the order they were asked. */
function arrival(): Promise<void> {
  return Promise.resolve();
}
