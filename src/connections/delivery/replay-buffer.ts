import type { Event } from '../../core/model/events.ts';
import type { Variant } from '../variant.ts';

/** One event with its bytes, encoded once for each variant. */
export class EncodedEvent {
  readonly event: Event;
  readonly #bytes = new Map<string, Uint8Array | null>();

  constructor(event: Event) {
    this.event = event;
  }

  bytes(variant: Variant): Uint8Array | null {
    let bytes = this.#bytes.get(variant.key);
    if (bytes === undefined) {
      bytes = variant.event(this.event);
      this.#bytes.set(variant.key, bytes);
    }
    return bytes;
  }
}

const SIZE = 256;

/** The last 256 events of a room, without a gap. */
export class ReplayBuffer {
  readonly #items: (EncodedEvent | undefined)[] = new Array<EncodedEvent | undefined>(SIZE);
  #head: number;
  #count = 0;

  constructor(head: number) {
    this.#head = head;
  }

  /** The last known position; its event may be missing. */
  get head(): number {
    return this.#head;
  }

  /** Adds the event at a position. After a gap, all earlier events are dropped. */
  add(position: number, encoded: EncodedEvent): void {
    if (position <= this.#head) return; // CONN-12
    this.#count = position === this.#head + 1 ? Math.min(SIZE, this.#count + 1) : 1; // CONN-12
    this.#items[position % SIZE] = encoded;
    this.#head = position;
  }

  /** The room has reached this position by events that were not announced here: drops all events. */
  reset(head: number): void {
    if (head <= this.#head) return; // CONN-12
    this.#head = head;
    this.#count = 0;
  }

  /** The event at a position, if the buffer still has it. */
  at(position: number): EncodedEvent | undefined {
    return position <= this.#head && position > this.#head - this.#count ? this.#items[position % SIZE] : undefined; // CONN-12
  }
}
