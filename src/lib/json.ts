import { ByteAccumulator } from './byte-accumulator.ts';
import { err, ok, type Result } from './result.ts';

/** The most bytes that one object of a client may have. */
export const MAX_OBJECT_BYTES = 65_536;

/** The most keys in all that one object of a client may have. */
export const MAX_KEYS = 256;

const MAX_DEPTH = 16;
const MAX_NUMBER = 32;
const NO_JSON = 'not JSON';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What is wrong with a text, without repeating any of it; `isJson` where it may be JSON of which there is too much. */
export type JsonError = { readonly reason: string; readonly isJson: boolean };

/** Why a stream of objects cannot be read on. */
export type SplitError = 'too-long' | 'not-an-object';

/**
 * Cuts a stream of bytes into JSON objects by their braces, in whatever pieces it comes; only white space may stand between
 * them. What is between balanced braces need not be JSON. Holds at most `limit` bytes of an object that has not ended.
 */
export class ObjectSplitter {
  readonly #limit: number;
  readonly #held: ByteAccumulator;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #broken = false;

  constructor(limit: number) {
    this.#limit = limit;
    this.#held = new ByteAccumulator(limit);
  }

  /** How many bytes of an object that has not ended are held. */
  get held(): number {
    return this.#held.length;
  }

  /**
   * The objects that these bytes complete, or why there are none any more: nothing comes after that. Take all of it
   * before the next `push` is read.
   */
  *push(bytes: Uint8Array): Generator<Uint8Array | SplitError> {
    let at = 0;
    while (!this.#broken) {
      if (this.#depth === 0) at = afterWhiteSpace(bytes, at);
      if (at === bytes.length) return;
      if (this.#depth === 0 && bytes[at] !== OPEN) {
        yield this.#break('not-an-object');
        return;
      }
      const most = at + this.#limit - this.#held.length;
      const end = this.#scan(bytes, at, Math.min(bytes.length, most));
      const ended = this.#depth === 0;
      if (!ended && bytes.length > most) {
        yield this.#break('too-long');
        return;
      }
      const piece = bytes.subarray(at, end);
      if (!ended) return this.#held.append(piece);
      at = end;
      yield this.#held.finish(piece);
    }
  }

  /** Reads on to where the object ends, or to `to`. */
  #scan(bytes: Uint8Array, from: number, to: number): number {
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

  #break(why: SplitError): SplitError {
    this.#broken = true;
    this.#held.clear();
    return why;
  }
}

/**
 * Reads one JSON value of strict UTF-8, nested at most 16 deep, with at most `maxKeys` keys in all, none of them twice in
 * one object, and finite numbers of at most 32 characters; strings are well-formed Unicode. The error says what is wrong and
 * repeats nothing of it. `__proto__` is a key like any other.
 */
export function parseJson(bytes: Uint8Array, maxKeys: number = MAX_KEYS): Result<unknown, JsonError> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return noJson('not UTF-8');
  }
  const excess = new Scan(text, maxKeys).run();
  if (excess !== null) return excess === NO_JSON ? noJson(NO_JSON) : err({ reason: excess, isJson: true });
  try {
    return ok(JSON.parse(text));
  } catch {
    return noJson(NO_JSON);
  }
}

function noJson(reason: string): Result<never, JsonError> {
  return err({ reason, isJson: false });
}

/** One walk over a text that may be JSON, before anything is made of it: finds what is too much, not every mistake. */
class Scan {
  readonly #text: string;
  readonly #maxKeys: number;
  /** For each open object the keys it has had, for each open array `null`. */
  readonly #open: (Set<string> | null)[] = [];
  #keys = 0;

  constructor(text: string, maxKeys: number) {
    this.#text = text;
    this.#maxKeys = maxKeys;
  }

  /** What is wrong, or `null`. */
  run(): string | null {
    let at = 0;
    let mayBeKey = false;
    while (at < this.#text.length) {
      const code = this.#text.charCodeAt(at);
      let wrong: string | null = null;
      let next = at + 1;
      if (code === QUOTE) {
        next = afterString(this.#text, at);
        wrong = this.#string(this.#text.slice(at, next), mayBeKey);
      } else if (isFirstOfNumber(code)) {
        next = afterNumber(this.#text, at);
        wrong = checkNumber(this.#text.slice(at, next));
      } else if (code === OPEN || code === OPEN_ARRAY) {
        this.#open.push(code === OPEN ? new Set() : null);
        if (this.#open.length > MAX_DEPTH) wrong = 'nested more than 16 deep';
      } else if (code === CLOSE || code === CLOSE_ARRAY) this.#open.pop();
      if (wrong !== null) return wrong;
      if (!isWhite(code)) mayBeKey = code === OPEN || code === COMMA;
      at = next;
    }
    return null;
  }

  #string(literal: string, mayBeKey: boolean): string | null {
    const value = literal.includes('\\') ? unescape(literal) : literal.slice(1, -1);
    if (value === null) return NO_JSON;
    if (!value.isWellFormed()) return 'a string is not well-formed Unicode';
    const keys = mayBeKey ? this.#open.at(-1) : null;
    if (keys == null) return null;
    if (++this.#keys > this.#maxKeys) return 'too many keys';
    if (keys.has(value)) return 'a key comes twice';
    keys.add(value);
    return null;
  }
}

/** After the quote that ends the string which begins here: one with an even number of backslashes before it. */
function afterString(text: string, start: number): number {
  let quote = start;
  for (;;) {
    const from = quote + 1;
    quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let first = quote;
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((quote - first) % 2 === 0) return quote + 1;
  }
}

/** Reads no further than it must to see that a number is too long. */
function afterNumber(text: string, start: number): number {
  let at = start;
  while (at <= start + MAX_NUMBER && NUMERIC.has(text.charAt(at))) at++;
  return at;
}

const NUMERIC: ReadonlySet<string> = new Set('-0123456789+.eE');

function isFirstOfNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d;
}

function checkNumber(digits: string): string | null {
  if (digits.length > MAX_NUMBER) return 'a number is longer than 32 characters';
  return Math.abs(Number(digits)) === Number.POSITIVE_INFINITY ? 'a number is too large' : null;
}

function unescape(literal: string): string | null {
  try {
    return JSON.parse(literal);
  } catch {
    return null;
  }
}

function afterWhiteSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isWhite(bytes[at])) at++;
  return at;
}

function isWhite(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
