import type { Event } from '../../core/model/events.ts';
import type { RoomId } from '../../core/model/ids.ts';
import { concat } from '../../lib/bytes.ts';
import type { Variant } from '../variant.ts';
import { Cursor, type Deferred, type Receiver, type Source } from './cursor.ts';
import { EncodedEvent, ReplayBuffer } from './replay-buffer.ts';

/** In a room with more cursors than this, ephemeral events are gathered, since each costs a write per connection. */
const CROWD = 200;
/** Cursors per millisecond of gathering, so that a room makes at most 20,000 such writes a second. */
const WRITES_PER_MS = 20;

/** Delivers one room's events to all its cursors: each event is encoded once per variant, each batch is one chunk. */
export class RoomBroadcast {
  readonly room: RoomId;
  readonly #replay: ReplayBuffer;
  readonly #source: Source;
  readonly #isDirect: boolean;
  readonly #delivered: (count: number) => void;
  readonly #variants = new Map<string, { readonly variant: Variant; readonly cursors: Set<Cursor> }>();
  /** Ephemeral events that wait to be delivered together, and the receivers that may hide one of them. */
  #gathered: Event[] = [];
  #filtered = new Set<Receiver>();
  /** Cursors opened while events were gathered, with the number gathered before: they do not deliver those. */
  readonly #newcomers = new Map<Cursor, number>();

  /** Each person sees a direct differently. `delivered` receives what `Hub.deliveries` grows by. */
  constructor(room: RoomId, head: number, source: Source, isDirect: boolean, delivered: (count: number) => void) {
    this.room = room;
    this.#delivered = delivered;
    this.#replay = new ReplayBuffer(head);
    this.#source = source;
    this.#isDirect = isDirect;
  }

  get size(): number {
    let size = 0;
    for (const { cursors } of this.#variants.values()) size += cursors.size;
    return size;
  }

  /** Adds a cursor, which delivers nothing until it is started. */
  openCursor(receiver: Receiver): Cursor {
    const cursor = new Cursor(receiver, this.#replay, this.#source);
    this.add(cursor);
    if (this.#gathered.length > 0) this.#newcomers.set(cursor, this.#gathered.length); // CONN-69
    return cursor;
  }

  closeCursor(cursor: Cursor): void {
    cursor.stop();
    this.#newcomers.delete(cursor);
    this.remove(cursor);
  }

  /** Delivers to this cursor, in the present variant of its receiver. */
  add(cursor: Cursor): void {
    const { variant } = cursor.receiver;
    const group = this.#variants.get(variant.key) ?? { variant, cursors: new Set<Cursor>() };
    this.#variants.set(variant.key, group);
    group.cursors.add(cursor);
  }

  /** Stops delivering to this cursor until it is added again; to be called before its receiver gets another variant. */
  remove(cursor: Cursor): void {
    const { key } = cursor.receiver.variant;
    const group = this.#variants.get(key);
    group?.cursors.delete(cursor);
    if (group?.cursors.size === 0) this.#variants.delete(key);
  }

  /** The room has reached this position by events that were not announced here: all cursors catch up. */
  resync(head: number): void {
    if (head <= this.#replay.head) return;
    this.#replay.reset(head);
    for (const { cursors } of this.#variants.values()) for (const cursor of cursors) defer(cursor, []);
  }

  /**
   * Delivers one batch; `filtered` are the receivers that may hide one of its events. In a crowded room ephemeral events are
   * gathered for a moment, or until an event with a position comes.
   */
  deliver(events: readonly Event[], filtered: ReadonlySet<Receiver>): void {
    const isFirst = this.#gathered.length === 0;
    this.#gathered.push(...events);
    for (const receiver of filtered) this.#filtered.add(receiver);
    if (events.some((event) => 'position' in event)) return this.#deliverGathered(); // CONN-69
    if (!isFirst) return; // CONN-69
    const { size } = this;
    if (size <= CROWD) return this.#deliverGathered(); // CONN-69
    this.#source.later(Math.floor(size / WRITES_PER_MS), () => this.#deliverGathered());
  }

  #deliverGathered(): void {
    const [events, filtered] = [this.#gathered, this.#filtered];
    this.#gathered = [];
    this.#filtered = new Set();
    if (events.length > 0) this.#deliverNow(events, filtered);
    this.#newcomers.clear();
  }

  #deliverNow(events: readonly Event[], filtered: ReadonlySet<Receiver>): void {
    const encoded = events.map((event) => new EncodedEvent(event));
    const ephemeral: Deferred[] = [];
    let first = 0;
    let number = 0;
    let hasChanges = false;
    for (const item of encoded) {
      if ('position' in item.event) {
        first ||= item.event.position;
        if (item.event.type === 'message-posted') number = item.event.message.number;
        else if (item.event.type === 'message-edited' || item.event.type === 'message-deleted') hasChanges = true;
        this.#replay.add(item.event.position, item);
      } else ephemeral.push({ after: this.#replay.head, encoded: item });
    }
    const hasNewcomers = this.#newcomers.size > 0;
    for (const { variant, cursors } of this.#variants.values()) {
      const pieces = encoded.flatMap((item) => item.bytes(variant) ?? []);
      const common = chunkOf(pieces); // CONN-05
      const needsOwnChunks = this.#isDirect || (hasChanges && variant.showsChangesAsMessages); // CONN-42
      for (const cursor of cursors) {
        const eventsBeforeOpen = hasNewcomers ? (this.#newcomers.get(cursor) ?? 0) : 0; // CONN-69
        const isFiltered = needsOwnChunks || eventsBeforeOpen > 0 || filtered.has(cursor.receiver); // CONN-40
        const chunk = isFiltered ? chunkOf(piecesFor(cursor.receiver, encoded.slice(eventsBeforeOpen))) : common;
        if (!cursor.offer(chunk, first, this.#replay.head, number)) defer(cursor, ephemeral.slice(eventsBeforeOpen));
      }
      this.#delivered(pieces.length * cursors.size);
    }
  }
}

/** The bytes of a batch for one receiver, without the events that it hides. */
function piecesFor(receiver: Receiver, encoded: readonly EncodedEvent[]): Uint8Array[] {
  return encoded.flatMap((item) => (receiver.hides(item.event) ? [] : (item.bytes(receiver.variant) ?? []))); // CONN-40
}

function chunkOf(pieces: readonly Uint8Array[]): Uint8Array | null {
  return pieces.length > 1 ? concat(pieces) : (pieces[0] ?? null);
}

function defer(cursor: Cursor, ephemeral: readonly Deferred[]): void {
  cursor.defer(0, null);
  for (const { after, encoded } of ephemeral) cursor.defer(after, encoded);
  cursor.catchUp();
}
