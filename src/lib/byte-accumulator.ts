const EMPTY = new Uint8Array(0);

/** Keeps a copy of the beginning of something whose end has not come; who holds sees to it that it is never more than `limit` bytes. */
export class ByteAccumulator {
  readonly #limit: number;
  #buffer = EMPTY;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes are held. */
  get length(): number {
    return this.#length;
  }

  /** Keeps a copy of these bytes behind what is held. */
  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(64, 2 * length)));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }

  /** All that is held with the last piece behind it: the piece itself where nothing is. Nothing is held any more. */
  finish(last: Uint8Array): Uint8Array {
    if (this.#length === 0) return last;
    this.append(last);
    const whole = this.#buffer.subarray(0, this.#length);
    this.clear();
    return whole;
  }

  /** Forgets all that is held. */
  clear(): void {
    this.#buffer = EMPTY;
    this.#length = 0;
  }
}
