import { ByteAccumulator } from './byte-accumulator.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Why a stream of objects cannot be split any further. */
export type SplitError = 'too-long' | 'not-an-object';

/**
 * Splits a stream of bytes, cut anywhere, into JSON objects by their braces; only white space may separate them. It does not
 * check that an object is valid JSON. It buffers at most `limit` bytes of an incomplete object.
 */
export class ObjectSplitter {
  readonly #limit: number;
  readonly #buffer: ByteAccumulator;
  readonly #scanner = new BraceScanner();
  #hasFailed = false;

  constructor(limit: number) {
    this.#limit = limit;
    this.#buffer = new ByteAccumulator(limit);
  }

  /** How many bytes of an incomplete object are buffered. */
  get held(): number {
    return this.#buffer.length;
  }

  /** Yields the objects that these bytes complete; an error is the last value. Read all of them before the next `push`. */
  *push(bytes: Uint8Array): Generator<Uint8Array | SplitError> {
    let at = 0;
    while (!this.#hasFailed) {
      if (!this.#scanner.isInside) at = afterWhiteSpace(bytes, at);
      if (at === bytes.length) return;
      if (!this.#scanner.isInside && bytes[at] !== OPEN) {
        yield this.#fail('not-an-object');
        return;
      }
      const limit = at + this.#limit - this.#buffer.length;
      const end = this.#scanner.scan(bytes, at, Math.min(bytes.length, limit));
      const ended = !this.#scanner.isInside;
      if (!ended && bytes.length > limit) {
        yield this.#fail('too-long');
        return;
      }
      const piece = bytes.subarray(at, end);
      if (!ended) return this.#buffer.append(piece);
      at = end;
      yield this.#buffer.finish(piece);
    }
  }

  #fail(why: SplitError): SplitError {
    this.#hasFailed = true;
    this.#buffer.clear();
    return why;
  }
}

/** The objects in a frame, as `ObjectSplitter` finds them; null if anything else is between or after them. */
export function objectsIn(frame: Uint8Array): Uint8Array[] | null {
  const scanner = new BraceScanner();
  const objects: Uint8Array[] = [];
  for (let at = afterWhiteSpace(frame, 0); at < frame.length; at = afterWhiteSpace(frame, at)) {
    const start = at;
    if (frame[start] !== OPEN) return null;
    at = scanner.scan(frame, start, frame.length);
    if (scanner.isInside) return null;
    objects.push(frame.subarray(start, at));
  }
  return objects;
}

/** Finds the last brace of an object, whose bytes may come in pieces. */
class BraceScanner {
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Whether an object has begun and not ended. */
  get isInside(): boolean {
    return this.#depth > 0;
  }

  /** Returns where the object ends, or `to`. */
  scan(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    let depth = this.#depth;
    let inString = this.#inString;
    let escaped = this.#escaped;
    while (at < to) {
      const byte = bytes[at++];
      if (escaped) escaped = false;
      else if (byte === QUOTE) inString = !inString;
      else if (inString) escaped = byte === BACKSLASH;
      else if (byte === OPEN) depth++;
      else if (byte === CLOSE) depth--;
      if (depth === 0) break;
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
    return at;
  }
}

function afterWhiteSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isWhite(bytes[at])) at++;
  return at;
}

/** Whether a byte or character is white space in JSON. */
export function isWhite(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
