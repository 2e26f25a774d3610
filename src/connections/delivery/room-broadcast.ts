import { concat } from '../../lib/bytes.ts';
import type { Event } from '../../core/model/events.ts';
import type { RoomId } from '../../core/model/ids.ts';
import { Cursor, type Receiver, type Source } from './cursor.ts';
import { ReplayBuffer, EncodedEvent } from './replay-buffer.ts';
import type { Variant } from '../variant.ts';

/** On more connections than this a room is crowded: whoever comes or goes there costs a write to each. */
const CROWD = 200;
/** So many connections are worth a millisecond of gathering: no room makes more than 20,000 such writes a second. */
const WRITES_PER_MS = 20;

/** What one room shows to the connections that show it: each event encoded once a variant, each batch one chunk. */
export class RoomBroadcast {
  readonly room: RoomId;
  readonly #replay: ReplayBuffer;
  readonly #source: Source;
  readonly #private: boolean;
  readonly #delivered: (count: number) => void;
  readonly #variants = new Map<string, { readonly variant: Variant; readonly cursors: Set<Cursor> }>();
  /** What has no position and waits for company, and for whom something of it may not be. */
  #gathered: Event[] = [];
  #apart = new Set<Receiver>();
  /** How much had been gathered when they joined: that is not for them. */
  readonly #newcomers = new Map<Cursor, number>();

  /** A `private` one is of two people, each of whom sees it differently; `delivered` is told what to add to `Hub.deliveries`. */
  constructor(room: RoomId, head: number, source: Source, isPrivate: boolean, delivered: (count: number) => void) {
    this.room = room;
    this.#delivered = delivered;
    this.#replay = new ReplayBuffer(head);
    this.#source = source;
    this.#private = isPrivate;
  }

  get size(): number {
    let size = 0;
    for (const { cursors } of this.#variants.values()) size += cursors.size;
    return size;
  }

  /** Shows the room on a connection, as soon as the cursor is started. */
  join(receiver: Receiver): Cursor {
    const cursor = new Cursor(receiver, this.#replay, this.#source);
    this.add(cursor);
    if (this.#gathered.length > 0) this.#newcomers.set(cursor, this.#gathered.length); // CONN-69
    return cursor;
  }

  leave(cursor: Cursor): void {
    cursor.stop();
    this.#newcomers.delete(cursor);
    this.remove(cursor);
  }

  /** Shows the room on this cursor, in the variant of its receiver as it is now. */
  add(cursor: Cursor): void {
    const { variant } = cursor.receiver;
    const group = this.#variants.get(variant.key) ?? { variant, cursors: new Set<Cursor>() };
    this.#variants.set(variant.key, group);
    group.cursors.add(cursor);
  }

  /** Shows nothing on this cursor until it is added again; to be called before its receiver takes another variant. */
  remove(cursor: Cursor): void {
    const { key } = cursor.receiver.variant;
    const group = this.#variants.get(key);
    group?.cursors.delete(cursor);
    if (group?.cursors.size === 0) this.#variants.delete(key);
  }

  /** The room stands at this position though nothing of it was heard here: everybody pulls. */
  resync(head: number): void {
    if (head <= this.#replay.head) return;
    this.#replay.reset(head);
    for (const { cursors } of this.#variants.values()) for (const cursor of cursors) defer(cursor, []);
  }

  /**
   * Shows one batch; `apart` are those for whom something of it may not be. Who comes and goes in a crowd is gathered for
   * a moment, or until something comes that has a position.
   */
  deliver(events: readonly Event[], apart: ReadonlySet<Receiver>): void {
    const begins = this.#gathered.length === 0;
    this.#gathered.push(...events);
    for (const receiver of apart) this.#apart.add(receiver);
    if (events.some((event) => 'position' in event)) return this.#deliverGathered(); // CONN-69
    if (!begins) return; // CONN-69
    const { size } = this;
    if (size <= CROWD) return this.#deliverGathered(); // CONN-69
    this.#source.later(Math.floor(size / WRITES_PER_MS), () => this.#deliverGathered());
  }

  #deliverGathered(): void {
    const [events, apart] = [this.#gathered, this.#apart];
    this.#gathered = [];
    this.#apart = new Set();
    if (events.length > 0) this.#deliverNow(events, apart);
    this.#newcomers.clear();
  }

  #deliverNow(events: readonly Event[], apart: ReadonlySet<Receiver>): void {
    const encoded = events.map((event) => new EncodedEvent(event));
    const places: Conversation[] = [];
    let first = 0;
    let number = 0;
    let changes = false;
    for (const item of encoded) {
      if ('position' in item.event) {
        first ||= item.event.position;
        if (item.event.type === 'message-posted') number = item.event.message.number;
        else if (item.event.type === 'message-edited' || item.event.type === 'message-deleted') changes = true;
        this.#replay.add(item.event.position, item);
      } else places.push({ after: this.#replay.head, encoded: item });
    }
    const hasNewcomers = this.#newcomers.size > 0;
    for (const { variant, cursors } of this.#variants.values()) {
      const pieces = encoded.flatMap((item) => item.bytes(variant) ?? []);
      const common = joined(pieces); // CONN-05
      const allApart = this.#private || (changes && variant.showsChangesAsMessages); // CONN-42
      for (const cursor of cursors) {
        const missed = hasNewcomers ? (this.#newcomers.get(cursor) ?? 0) : 0; // CONN-69
        const isApart = allApart || missed > 0 || apart.has(cursor.receiver); // CONN-40
        const chunk = isApart ? joined(piecesFor(cursor.receiver, encoded.slice(missed))) : common;
        if (!cursor.offer(chunk, first, this.#replay.head, number)) defer(cursor, places.slice(missed));
      }
      this.#delivered(pieces.length * cursors.size);
    }
  }
}

/** What of a batch is for one connection, from the same bytes as for the others. */
function piecesFor(receiver: Receiver, encoded: readonly EncodedEvent[]): Uint8Array[] {
  return encoded.flatMap((item) => (receiver.hides(item.event) ? [] : (item.bytes(receiver.variant) ?? []))); // CONN-40
}

function joined(pieces: readonly Uint8Array[]): Uint8Array | null {
  return pieces.length > 1 ? concat(pieces) : (pieces[0] ?? null);
}

type Conversation = { readonly after: number; readonly encoded: EncodedEvent };

function defer(cursor: Cursor, places: readonly Conversation[]): void {
  cursor.defer(0, null);
  for (const { after, encoded } of places) cursor.defer(after, encoded);
  cursor.catchUp();
}
