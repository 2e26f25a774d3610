import { ByteAccumulator } from './byte-accumulator.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Cuts a stream of bytes into lines, in whatever pieces it comes. Holds at most `limit` bytes of a line that has not
 * ended; a longer one ends the reading.
 */
export class LineSplitter {
  readonly #limit: number;
  readonly #held: ByteAccumulator;
  #broken = false;

  constructor(limit: number) {
    this.#limit = limit;
    this.#held = new ByteAccumulator(limit);
  }

  /** How many bytes of a line that has not ended are held. */
  get held(): number {
    return this.#held.length;
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
      if (this.#held.length + piece.length > this.#limit) {
        this.#broken = true;
        this.#held.clear();
        yield 'too-long';
        return;
      }
      if (newline === -1) return this.#held.append(piece);
      start = newline + 1;
      yield withoutReturn(this.#held.finish(piece));
    }
  }
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}
