import { ByteAccumulator } from '../../lib/byte-accumulator.ts';
import { type Following, type Found, findInStream } from './boundary.ts';
import type { Refused } from './walk.ts';

/** Bytes that begin with a message, and its boundaries; or why no message can be found. */
type Piece = { readonly bytes: Uint8Array; readonly found: Found | Refused };

/**
 * Cuts a stream of bytes into messages, in whatever pieces the bytes arrive. Holds at most `limit` bytes of an incomplete
 * message. After a refused message it reads nothing more.
 */
export class MessageSplitter {
  readonly #limit: number;
  readonly #following: Following;
  readonly #held: ByteAccumulator;
  /** The least length of the held message. It is not parsed again before that many bytes are there. */
  #needed = 0;
  #broken = false;

  constructor(limit: number, following: Following) {
    this.#limit = limit;
    this.#following = following;
    this.#held = new ByteAccumulator(limit);
  }

  /** How many bytes of an incomplete message are held. */
  get held(): number {
    return this.#held.length;
  }

  /**
   * Yields the messages that these bytes complete, and nothing after a refused one. Take all of them before the next
   * `push`. A message within one `push` is not copied. To complete a held message, at most `limit` bytes are copied.
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
