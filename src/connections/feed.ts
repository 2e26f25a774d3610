import { concat } from '../lib/bytes.ts';
import type { Event } from '../core/events.ts';
import type { RoomId } from '../core/ids.ts';
import { Cursor, type Receiver, type Source } from './cursor.ts';
import { Ring, Shown } from './ring.ts';
import type { Variant } from './variant.ts';

/** What one room shows to the connections that show it: each event encoded once a variant, each batch one chunk. */
export class Feed {
  readonly room: RoomId;
  readonly #ring: Ring;
  readonly #source: Source;
  readonly #private: boolean;
  readonly #groups = new Map<string, { readonly variant: Variant; readonly cursors: Set<Cursor> }>();

  /** A `private` one is of two people, each of whom sees it differently. */
  constructor(room: RoomId, head: number, source: Source, isPrivate: boolean) {
    this.room = room;
    this.#ring = new Ring(head);
    this.#source = source;
    this.#private = isPrivate;
  }

  get size(): number {
    let size = 0;
    for (const { cursors } of this.#groups.values()) size += cursors.size;
    return size;
  }

  /** Shows the room on a connection, as soon as the cursor is started. */
  join(receiver: Receiver): Cursor {
    const { variant } = receiver;
    const group = this.#groups.get(variant.key) ?? { variant, cursors: new Set<Cursor>() };
    this.#groups.set(variant.key, group);
    const cursor = new Cursor(receiver, this.#ring, this.#source);
    group.cursors.add(cursor);
    return cursor;
  }

  leave(cursor: Cursor): void {
    cursor.stop();
    const { key } = cursor.receiver.variant;
    const group = this.#groups.get(key);
    group?.cursors.delete(cursor);
    if (group?.cursors.size === 0) this.#groups.delete(key);
  }

  /** The room stands at this position though nothing of it was heard here: everybody pulls. */
  moved(head: number): void {
    if (head <= this.#ring.head) return;
    this.#ring.moved(head);
    for (const { cursors } of this.#groups.values()) for (const cursor of cursors) late(cursor, []);
  }

  /** Shows one batch; returns how many deliveries it made. `apart` are those for whom something of it may not be. */
  show(events: readonly Event[], apart: ReadonlySet<Receiver>): number {
    const shown = events.map((event) => new Shown(event));
    const places: Place[] = [];
    let first = 0;
    let number = 0;
    let changes = false;
    for (const item of shown) {
      if ('position' in item.event) {
        first ||= item.event.position;
        if (item.event.type === 'message-posted') number = item.event.message.number;
        else if (item.event.type === 'message-edited' || item.event.type === 'message-deleted') changes = true;
        this.#ring.add(item.event.position, item);
      } else places.push({ after: this.#ring.head, shown: item });
    }
    let delivered = 0;
    for (const { variant, cursors } of this.#groups.values()) {
      const pieces = shown.flatMap((item) => item.bytes(variant) ?? []);
      const common = joined(pieces); // CONN-05
      const allApart = this.#private || (changes && variant.changesAreLines); // CONN-42
      for (const cursor of cursors) {
        const isApart = allApart || apart.has(cursor.receiver); // CONN-40
        const chunk = isApart ? joined(piecesFor(cursor.receiver, shown)) : common;
        if (!cursor.take(chunk, first, this.#ring.head, number)) late(cursor, places);
      }
      delivered += pieces.length * cursors.size;
    }
    return delivered;
  }
}

/** What of a batch is for one connection, from the same bytes as for the others. */
function piecesFor(receiver: Receiver, shown: readonly Shown[]): Uint8Array[] {
  return shown.flatMap((item) => (receiver.hides(item.event) ? [] : (item.bytes(receiver.variant) ?? []))); // CONN-40
}

function joined(pieces: readonly Uint8Array[]): Uint8Array | null {
  return pieces.length > 1 ? concat(pieces) : (pieces[0] ?? null);
}

type Place = { readonly after: number; readonly shown: Shown };

function late(cursor: Cursor, places: readonly Place[]): void {
  cursor.hold(0, null);
  for (const { after, shown } of places) cursor.hold(after, shown);
  cursor.pull();
}
