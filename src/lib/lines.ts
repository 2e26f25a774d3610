import { ByteAccumulator } from './byte-accumulator.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Splits a stream of bytes, cut anywhere, into lines. It buffers at most `limit` bytes of an incomplete line. */
export class LineSplitter {
  readonly #limit: number;
  readonly #buffer: ByteAccumulator;
  #hasFailed = false;

  constructor(limit: number) {
    this.#limit = limit;
    this.#buffer = new ByteAccumulator(limit);
  }

  /** How many bytes of an incomplete line are buffered. */
  get held(): number {
    return this.#buffer.length;
  }

  /**
   * Yields the lines that these bytes complete, without `\n` or `\r\n`. A line over the limit gives `too-long`, which is
   * the last value. Read all of them before the next `push`.
   */
  *push(bytes: Uint8Array): Generator<Uint8Array | 'too-long'> {
    let start = 0;
    while (!this.#hasFailed && start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      const piece = bytes.subarray(start, newline === -1 ? bytes.length : newline);
      if (this.#buffer.length + piece.length > this.#limit) {
        this.#hasFailed = true;
        this.#buffer.clear();
        yield 'too-long';
        return;
      }
      if (newline === -1) return this.#buffer.append(piece);
      start = newline + 1;
      yield withoutReturn(this.#buffer.finish(piece));
    }
  }
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}
