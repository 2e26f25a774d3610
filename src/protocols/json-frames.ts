import type { Decoded } from '../connections/decoded.ts';
import { parseJson } from '../lib/json.ts';
import { objectsIn, ObjectSplitter, type SplitError } from '../lib/object-splitter.ts';

/** An object as it comes from `parseJson`. */
export type JsonObject = { readonly [name: string]: unknown };

/** What one side of a JSON protocol may send, and how an object is read. */
export type JsonSide<M> = {
  readonly maxBytes: number;
  readonly maxKeys: number;
  /** After which unreadable objects and frames nothing more is decoded: none, text between braces that is not JSON, or all. */
  readonly endsAt: 'nothing' | 'broken-json' | 'anything-unreadable';
  /** Reads an object; `bytes` are its JSON. */
  read(object: JsonObject, bytes: Uint8Array): Decoded<M>;
  /** Reads a request to leave in an object that is not UTF-8; null for all else. */
  readLeave(object: JsonObject): M | null;
};

/** Decodes frames of one object each, or a stream of objects, however the stream is cut. */
export class JsonFrames<M> {
  readonly encoding = 'plain';
  readonly #side: JsonSide<M>;
  readonly #stream: ObjectSplitter | null;
  #broken = false;

  constructor(side: JsonSide<M>, framing: 'stream' | 'message') {
    this.#side = side;
    this.#stream = framing === 'stream' ? new ObjectSplitter(side.maxBytes) : null; // TAG-02 CODE-02 DOC-02
  }

  /** True while part of an object is held. */
  get pending(): boolean {
    return this.#stream !== null && this.#stream.held > 0;
  }

  /** Yields the messages that these bytes complete. Take all of them before the next `push`. */
  *push(bytes: Uint8Array): Generator<Decoded<M>> {
    if (this.#stream === null) {
      yield this.#frame(bytes);
      return;
    }
    if (this.#broken) return; // CODE-06 DOC-06
    for (const object of this.#stream.push(bytes)) {
      const read = this.#object(object);
      yield read;
      this.#broken = !read.ok && read.fatal; // CODE-06 DOC-06
      if (this.#broken) return; // CODE-06 DOC-06
    }
  }

  /** Finds the object by its braces as a stream does, so that the same bytes get the same answer in both. */
  #frame(bytes: Uint8Array): Decoded<M> {
    if (bytes.length > this.#side.maxBytes) return broken('too-long'); // TAG-05 CODE-05 DOC-05
    const objects = objectsIn(bytes);
    if (objects === null) return broken('not-an-object'); // TAG-07 CODE-06 DOC-07
    const [object, second] = objects;
    if (object === undefined) return this.#unreadable('a frame is empty'); // TAG-03 CODE-03 DOC-03
    return second === undefined ? this.#object(object) : this.#unreadable('more than one object in a frame'); // TAG-03 CODE-03 DOC-03
  }

  #object(object: Uint8Array | SplitError): Decoded<M> {
    if (typeof object === 'string') return broken(object); // TAG-07 CODE-06 DOC-07
    const parsed = parseJson(object, this.#side.maxKeys);
    if (parsed.ok) return this.#side.read(parsed.value as JsonObject, object);
    const repaired = parseJson(encoder.encode(lenient.decode(object)), this.#side.maxKeys);
    const leave = repaired.ok ? this.#side.readLeave(repaired.value as JsonObject) : null; // TAG-95 CODE-87 DOC-15
    if (leave !== null) return { ok: true, message: leave };
    const { reason, isJson } = parsed.error;
    return !isJson && this.#side.endsAt === 'broken-json' ? failed(reason) : this.#unreadable(reason); // TAG-06 CODE-06 CODE-07
  }

  #unreadable(reason: string): Decoded<never> {
    return this.#side.endsAt === 'anything-unreadable' ? failed(reason) : fault(reason); // DOC-03 DOC-06
  }
}

/** Encodes the JSON text of one object; in a stream it becomes one line. */
export function encodeJson(text: string, framing: 'stream' | 'message'): Uint8Array {
  return encoder.encode(framing === 'stream' ? `${text}\n` : text); // TAG-04 CODE-04 DOC-04
}

/** A problem with one object; the next object can be read. */
export function fault(reason: string): Decoded<never> {
  return { ok: false, reason, fatal: false }; // TAG-06
}

/** A problem after which nothing more can be read. */
export function failed(reason: string): Decoded<never> {
  return { ok: false, reason, fatal: true };
}

const encoder = new TextEncoder();
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

function broken(why: SplitError): Decoded<never> {
  return failed(why === 'too-long' ? 'a message is too long' : 'not a JSON object');
}
