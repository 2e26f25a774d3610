import { ByteAccumulator } from '../../lib/byte-accumulator.ts';
import { type Following, type Found, findInStream } from './boundary.ts';
import type { Refused } from './walk.ts';

/** Bytes that begin with a message and where it stands in them, or why there is none any more. */
type Piece = { readonly bytes: Uint8Array; readonly found: Found | Refused };

/**
 * Cuts a stream of bytes into messages, in whatever pieces it comes. Holds at most `limit` bytes of a message that has
 * not ended; what is refused ends the reading.
 */
export class MessageSplitter {
  readonly #limit: number;
  readonly #following: Following;
  readonly #held: ByteAccumulator;
  /** As many bytes as the message that is held has at least; before they are there it is not looked at again. */
  #needed = 0;
  #broken = false;

  constructor(limit: number, following: Following) {
    this.#limit = limit;
    this.#following = following;
    this.#held = new ByteAccumulator(limit);
  }

  /** How many bytes of a message that has not ended are held. */
  get held(): number {
    return this.#held.length;
  }

  /**
   * The messages that these bytes complete; nothing comes after a refused one. Take all of it before the next `push` is
   * read. A message within one `push` is not copied; of what completes a held one, at most `limit` bytes are.
   */
  *push(bytes: Uint8Array): Generator<Piece> {
    let next = 0;
    while (!this.#broken && next < bytes.length) {
      const before = this.#held.length;
      const rest = bytes.subarray(next, next + this.#limit - before);
      if (before + rest.length < this.#needed) return this.#held.append(rest); // MSGP-17
      const whole = this.#held.finish(rest);
      const found = findInStream(whole, this.#limit, this.#following);
      this.#needed = found.type === 'more' ? found.needed : 0;
      if (found.type === 'more') return this.#held.append(whole);
      this.#broken = found.type === 'refused';
      if (found.type === 'found') next += found.end - before;
      yield { bytes: whole, found };
    }
  }
}
