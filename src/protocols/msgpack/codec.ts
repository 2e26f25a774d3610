import type { Decoded } from '../../connections/decoded.ts';
import type { Encoding } from '../../connections/protocol-adapter.ts';
import type { Result } from '../../lib/result.ts';
import { type Following, findInFrame, type Found, encodingOf } from './boundary.ts';
import { encode } from './pack.ts';
import type { Down, Up } from './schema.ts';
import { countedValues, followingAction, readDown, readUp, valuesOfDown, valuesOfUp } from './shapes.ts';
import { MessageSplitter } from './splitter.ts';
import { type Value, valuesAt } from './values.ts';
import { type Refused, tooLong } from './walk.ts';

/** What one side may send, and how its values are read. */
export type Side<M> = {
  readonly maxBytes: number;
  readonly following: Following;
  read(values: readonly Value[]): Result<M, string>;
  /** How many first values count in a message that begins so, whatever follows them; null if all do. */
  readonly counted: (first: Value | undefined) => number | null;
};

/** The requests from clients. */
export const up: Side<Up> = { maxBytes: 65_536, following: followingAction, read: readUp, counted: countedValues };

/** The messages from servers, in frames only: in a stream, the values after `response` depend on the request. */
export const down: Side<Down> = { maxBytes: 262_144, following: () => null, read: readDown, counted: () => null };

/** Writes a message to a server. Throws a TypeError for a message that the server would read differently. */
export function writeUp(message: Up, encoding: Encoding): Uint8Array<ArrayBuffer> {
  const values = valuesOfUp(message);
  if (!values.every(isText)) throw new TypeError('a value is not a string of well-formed Unicode'); // MSGP-19
  const bytes = encode(values, encoding);
  if (bytes.length > up.maxBytes) throw new TypeError(tooLong.reason); // MSGP-19
  return bytes;
}

/** Writes a message to a client. */
export function writeDown(message: Down, encoding: Encoding): Uint8Array<ArrayBuffer> {
  return encode(valuesOfDown(message), encoding);
}

/** Decodes frames of one message each, or a stream of messages, however the stream is cut. */
export class FrameDecoder<M> {
  readonly #side: Side<M>;
  readonly #stream: MessageSplitter | null;
  #encoding: Encoding = 'plain';

  /** `side` is `up` or `down`. */
  constructor(side: Side<M>, framing: 'stream' | 'message') {
    this.#side = side;
    this.#stream = framing === 'stream' ? new MessageSplitter(side.maxBytes, side.following) : null; // MSGP-04
  }

  /** The encoding of answers: `wrapped` from the first array on, already when `push` yields that message. */
  get encoding(): Encoding {
    return this.#encoding;
  }

  /** True while part of a message is held. */
  get pending(): boolean {
    return this.#stream !== null && this.#stream.held > 0;
  }

  /** Yields the messages that these bytes complete. Take all of them before the next `push`. */
  *push(bytes: Uint8Array): Generator<Decoded<M>> {
    if (this.#stream === null) {
      const found = findInFrame(bytes, this.#side.maxBytes);
      yield this.#read(bytes, found, found === tooLong); // MSGP-11
      return;
    }
    for (const { bytes: piece, found } of this.#stream.push(bytes)) yield this.#read(piece, found, true);
  }

  /** `fatal` says whether nothing can be read after a refused message. */
  #read(bytes: Uint8Array, found: Found | Refused, fatal: boolean): Decoded<M> {
    if (bytes.length > 0 && encodingOf(bytes) === 'wrapped') this.#encoding = 'wrapped'; // MSGP-02
    if (found.type === 'refused') return { ok: false, reason: found.reason, fatal };
    const values = this.#values(bytes, found);
    const read = values.ok ? this.#side.read(values.value) : values;
    return read.ok ? { ok: true, message: read.value } : { ok: false, reason: read.error, fatal: false };
  }

  #values(bytes: Uint8Array, { at, count }: Found): Result<readonly Value[], string> {
    const first = valuesAt(bytes, at, Math.min(count, 1));
    const counted = first.ok ? this.#side.counted(first.value[0]) : null;
    return valuesAt(bytes, at, Math.min(count, counted ?? count)); // MSGP-81
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed(); // MSGP-19
}
