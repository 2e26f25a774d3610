const NEWLINE = 0x0a;
const RETURN = 0x0d;
const EMPTY = new Uint8Array(0);

/**
 * Cuts a stream of bytes into lines, in whatever pieces it comes. Holds at most `limit` bytes of a line that has not
 * ended; a longer one ends the reading.
 */
export class LineSplitter {
  readonly #limit: number;
  #buffer = EMPTY;
  #held = 0;
  #broken = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes of a line that has not ended are held. */
  get held(): number {
    return this.#held;
  }

  /**
   * The lines that these bytes complete, without their `\n` or `\r\n`. A line over the limit gives `too-long`, and
   * nothing comes after that. Take all of it before the next `push` is read.
   */
  *push(bytes: Uint8Array): Generator<Uint8Array | 'too-long'> {
    let start = 0;
    while (!this.#broken && start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      const piece = bytes.subarray(start, newline === -1 ? bytes.length : newline);
      if (this.#held + piece.length > this.#limit) {
        this.#broken = true;
        this.#take();
        yield 'too-long';
        return;
      }
      if (newline === -1) return this.#hold(piece);
      start = newline + 1;
      yield withoutReturn(this.#held === 0 ? piece : this.#join(piece));
    }
  }

  #hold(piece: Uint8Array): void {
    const length = this.#held + piece.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(64, 2 * length)));
      grown.set(this.#buffer.subarray(0, this.#held));
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#held);
    this.#held = length;
  }

  #join(piece: Uint8Array): Uint8Array {
    this.#hold(piece);
    return this.#take();
  }

  #take(): Uint8Array {
    const line = this.#buffer.subarray(0, this.#held);
    this.#buffer = EMPTY;
    this.#held = 0;
    return line;
  }
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}
