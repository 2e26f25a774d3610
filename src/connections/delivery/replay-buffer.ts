import type { Event } from '../../core/model/events.ts';
import type { Variant } from '../variant.ts';

/** One event with its bytes, made once for each variant that shows it. */
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

/** The tail of a room: its last 256 events, without a gap between them. */
export class ReplayBuffer {
  readonly #items: (EncodedEvent | undefined)[] = new Array<EncodedEvent | undefined>(SIZE);
  #head: number;
  #count = 0;

  constructor(head: number) {
    this.#head = head;
  }

  /** The last position known, kept or not. */
  get head(): number {
    return this.#head;
  }

  /** Adds the event at a position; if one is missing before it, what came earlier is not kept any more. */
  add(position: number, encoded: EncodedEvent): void {
    if (position <= this.#head) return; // CONN-12
    this.#count = position === this.#head + 1 ? Math.min(SIZE, this.#count + 1) : 1; // CONN-12
    this.#items[position % SIZE] = encoded;
    this.#head = position;
  }

  /** The room stands further on than what was heard here. */
  reset(head: number): void {
    if (head <= this.#head) return; // CONN-12
    this.#head = head;
    this.#count = 0;
  }

  /** The event at a position, if it is still kept. */
  at(position: number): EncodedEvent | undefined {
    return position <= this.#head && position > this.#head - this.#count ? this.#items[position % SIZE] : undefined; // CONN-12
  }
}
