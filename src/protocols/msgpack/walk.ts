import { amountAt, type Head, headAt } from './head.ts';

const MAX_DEPTH = 4;
const MAX_VALUES = 64;

/** What no message may have or be. */
export type Refused = { readonly type: 'refused'; readonly reason: string };

/** Why one cannot go on: the message has `needed` bytes at least, or it is refused. */
export type Obstacle = { readonly type: 'more'; readonly needed: number } | Refused;

/** The one fault after which frames are not read on either. */
export const tooLong: Refused = { type: 'refused', reason: 'a message is too long' };
const tooMany: Refused = { type: 'refused', reason: 'a message has more than 64 values' };
const tooDeep: Refused = { type: 'refused', reason: 'values are nested more than 4 deep' };
const noValue: Refused = { type: 'refused', reason: 'a byte begins no value' };

/**
 * Goes over the values of one message by their headers, and makes nothing of them. A header is believed only as far as
 * the message may still have bytes, and each value that is to come has one at least.
 */
export class Walk {
  /** Where the next value begins. */
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #limit: number;
  #values = 0;

  /** The bytes begin with the message, which may have `limit` of them. */
  constructor(bytes: Uint8Array, limit: number) {
    this.#bytes = bytes;
    this.#limit = limit;
  }

  /** Goes over the next `count` values with all that they hold; after an obstacle begin a new walk. */
  over(count: number): Obstacle | null {
    /** For each container that is open, and for the message: how many values it still has. */
    const left = [count];
    let unread = count;
    this.#values += count;
    if (this.#values > MAX_VALUES) return tooMany; // MSGP-13
    for (;;) {
      const obstacle = this.#lacking(this.at + Math.min(unread, 1), this.at + unread);
      if (obstacle !== null || unread === 0) return obstacle;
      while (left.at(-1) === 0) left.pop();
      left[left.length - 1] = (left.at(-1) as number) - 1;
      unread--;

      const head = headAt(this.#bytes, this.at);
      if (head.kind === 'never') return noValue; // MSGP-14
      const body = this.at + 1 + head.lengthBytes;
      const headless = this.#lacking(body, body + unread);
      if (headless !== null) return headless;
      const amount = amountAt(this.#bytes, this.at, head);
      const held = valuesHeld(head, amount);
      this.at = held === null ? body + amount : body;
      if (held === null) continue;
      if (left.length > MAX_DEPTH) return tooDeep; // MSGP-12
      this.#values += held;
      if (this.#values > MAX_VALUES) return tooMany; // MSGP-13
      left.push(held);
      unread += held;
    }
  }

  /** What stands in the way if a message of `needed` bytes at least is to be read as far as `end`. */
  #lacking(end: number, needed: number): Obstacle | null {
    if (needed > this.#limit) return tooLong; // MSGP-11
    return end > this.#bytes.length ? { type: 'more', needed } : null;
  }
}

/** How many values stand in a container; `null` for what is none. */
function valuesHeld({ kind }: Head, amount: number): number | null {
  if (kind === 'array') return amount;
  return kind === 'map' ? 2 * amount : null;
}
