import { amountAt, type Head, headAt } from './head.ts';

const MAX_DEPTH = 4;
const MAX_VALUES = 64;

/** Why a message is refused. */
export type Refused = { readonly type: 'refused'; readonly reason: string };

/** Why the walk stops: the message needs at least `needed` bytes, or it is refused. */
export type Obstacle = { readonly type: 'more'; readonly needed: number } | Refused;

/** The only fault that is fatal in frames too. */
export const tooLong: Refused = { type: 'refused', reason: 'a message is too long' };
const tooMany: Refused = { type: 'refused', reason: 'a message has more than 64 values' };
const tooDeep: Refused = { type: 'refused', reason: 'values are nested more than 4 deep' };
const noValue: Refused = { type: 'refused', reason: 'a byte begins no value' };

/**
 * Skips over the values of one message by their headers, and builds nothing. It refuses a header that announces more
 * than the limit allows, where each announced value counts as one byte at least.
 */
export class Walk {
  /** Where the next value begins. */
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #limit: number;
  #values = 0;

  /** `bytes` begin with the message, which may have `limit` bytes. */
  constructor(bytes: Uint8Array, limit: number) {
    this.#bytes = bytes;
    this.#limit = limit;
  }

  /** Skips the next `count` values and all values inside them. After an obstacle, begin a new walk. */
  over(count: number): Obstacle | null {
    /** How many values are left in the message, and in each open container. */
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

  /** The obstacle to reading as far as `end`, in a message of at least `needed` bytes. */
  #lacking(end: number, needed: number): Obstacle | null {
    if (needed > this.#limit) return tooLong; // MSGP-11
    return end > this.#bytes.length ? { type: 'more', needed } : null;
  }
}

/** How many values a container holds; `null` for other values. */
function valuesHeld({ kind }: Head, amount: number): number | null {
  if (kind === 'array') return amount;
  return kind === 'map' ? 2 * amount : null;
}
