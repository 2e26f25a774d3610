import { ByteAccumulator } from './byte-accumulator.ts';
import { err, ok, type Result } from './result.ts';

/** The most bytes in one object of a client. */
export const MAX_OBJECT_BYTES = 65_536;

/** The most keys in one object of a client, nested ones included. */
export const MAX_KEYS = 256;

const MAX_DEPTH = 16;
const MAX_NUMBER = 32;
const NOT_JSON = 'not JSON';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Why a text is refused, in words that repeat none of it. `isJson`: it may be valid JSON but exceeds a limit. */
export type JsonError = { readonly reason: string; readonly isJson: boolean };

/** Why a stream of objects cannot be split any further. */
export type SplitError = 'too-long' | 'not-an-object';

/**
 * Splits a stream of bytes, cut anywhere, into JSON objects by their braces; only white space may separate them. It does not
 * check that an object is valid JSON. It buffers at most `limit` bytes of an incomplete object.
 */
export class ObjectSplitter {
  readonly #limit: number;
  readonly #buffer: ByteAccumulator;
  #depth = 0;
  #inString = false;
  #escaped = false;
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
      if (this.#depth === 0) at = afterWhiteSpace(bytes, at);
      if (at === bytes.length) return;
      if (this.#depth === 0 && bytes[at] !== OPEN) {
        yield this.#fail('not-an-object');
        return;
      }
      const limit = at + this.#limit - this.#buffer.length;
      const end = this.#scan(bytes, at, Math.min(bytes.length, limit));
      const ended = this.#depth === 0;
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

  /** Returns where the object ends, or `to`. */
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

  #fail(why: SplitError): SplitError {
    this.#hasFailed = true;
    this.#buffer.clear();
    return why;
  }
}

/**
 * Parses one JSON value of strict UTF-8: nested at most 16 deep, at most `maxKeys` keys in all, no key twice in an object,
 * finite numbers of at most 32 characters, well-formed Unicode in strings. `__proto__` is a key like any other.
 */
export function parseJson(bytes: Uint8Array, maxKeys: number = MAX_KEYS): Result<unknown, JsonError> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return notJson('not UTF-8');
  }
  const wrong = new LimitCheck(text, maxKeys).run();
  if (wrong !== null) return wrong === NOT_JSON ? notJson(NOT_JSON) : err({ reason: wrong, isJson: true });
  try {
    return ok(JSON.parse(text));
  } catch {
    return notJson(NOT_JSON);
  }
}

function notJson(reason: string): Result<never, JsonError> {
  return err({ reason, isJson: false });
}

/** Checks the limits in one pass before `JSON.parse`; it does not find every syntax error. */
class LimitCheck {
  readonly #text: string;
  readonly #maxKeys: number;
  /** The keys so far of each open object; `null` for an open array. */
  readonly #open: (Set<string> | null)[] = [];
  #keys = 0;

  constructor(text: string, maxKeys: number) {
    this.#text = text;
    this.#maxKeys = maxKeys;
  }

  /** Returns what is wrong, or `null`. */
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
      } else if (startsNumber(code)) {
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
    if (value === null) return NOT_JSON;
    if (!value.isWellFormed()) return 'a string is not well-formed Unicode';
    const keys = mayBeKey ? this.#open.at(-1) : null;
    if (keys == null) return null;
    if (++this.#keys > this.#maxKeys) return 'too many keys';
    if (keys.has(value)) return 'a key comes twice';
    keys.add(value);
    return null;
  }
}

/** Returns the index after the string's closing quote: the first one after an even number of backslashes. */
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

/** Reads one character over the limit at most. */
function afterNumber(text: string, start: number): number {
  let at = start;
  while (at <= start + MAX_NUMBER && NUMERIC.has(text.charAt(at))) at++;
  return at;
}

const NUMERIC: ReadonlySet<string> = new Set('-0123456789+.eE');

function startsNumber(code: number): boolean {
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
