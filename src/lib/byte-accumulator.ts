const EMPTY = new Uint8Array(0);

/** Collects the pieces of an incomplete message, as copies. The caller must not append more than `limit` bytes. */
export class ByteAccumulator {
  readonly #limit: number;
  #buffer = EMPTY;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes are collected. */
  get length(): number {
    return this.#length;
  }

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

  /** Returns all pieces joined with the last one, or the last one itself if there are no others, and starts anew. */
  finish(last: Uint8Array): Uint8Array {
    if (this.#length === 0) return last;
    this.append(last);
    const whole = this.#buffer.subarray(0, this.#length);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#buffer = EMPTY;
    this.#length = 0;
  }
}
