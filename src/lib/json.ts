import { isWhite } from './object-splitter.ts';
import { err, ok, type Result } from './result.ts';

/** The most bytes in one object of a client. */
export const MAX_OBJECT_BYTES = 65_536;

/** The most keys in one object of a client, nested ones included. */
export const MAX_KEYS = 256;

const MAX_DEPTH = 16;
const MAX_NUMBER = 32;
/** So many keys of an object are compared one by one. */
const FEW = 8;
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
  readonly #hasEscapes: boolean;
  /** The keys so far of each open object; `null` for an open array. */
  readonly #open: (ObjectKeys | null)[] = [];
  #keys = 0;

  constructor(text: string, maxKeys: number) {
    this.#text = text;
    this.#maxKeys = maxKeys;
    this.#hasEscapes = text.includes('\\');
  }

  /** Returns what is wrong, or `null`. */
  run(): string | null {
    const text = this.#text;
    let at = 0;
    let mayBeKey = false;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      let wrong: string | null = null;
      let next = at + 1;
      if (code === QUOTE) {
        next = afterString(text, at);
        wrong = this.#string(at, next, mayBeKey);
      } else if (startsNumber(code)) {
        next = afterNumber(text, at);
        wrong = checkNumber(text.slice(at, next));
      } else if (code === OPEN || code === OPEN_ARRAY) {
        this.#open.push(code === OPEN ? new ObjectKeys() : null);
        if (this.#open.length > MAX_DEPTH) wrong = 'nested more than 16 deep';
      } else if (code === CLOSE || code === CLOSE_ARRAY) this.#open.pop();
      if (wrong !== null) return wrong;
      if (!isWhite(code)) mayBeKey = code === OPEN || code === COMMA;
      at = next;
    }
    return null;
  }

  #string(from: number, to: number, mayBeKey: boolean): string | null {
    const keys = mayBeKey ? this.#open.at(-1) : null;
    if (keys == null && !this.#hasEscapes) return null; // The text was UTF-8: only an escape can be a lone surrogate.
    const literal = this.#text.slice(from, to);
    const value = literal.includes('\\') ? unescape(literal) : literal.slice(1, -1);
    if (value === null) return NOT_JSON;
    if (!value.isWellFormed()) return 'a string is not well-formed Unicode';
    if (keys == null) return null;
    if (++this.#keys > this.#maxKeys) return 'too many keys';
    return keys.add(value) ? null : 'a key comes twice';
  }
}

/** The keys of one object. The first few are compared one by one, which takes less time and memory than a set. */
class ObjectKeys {
  readonly #few: string[] = [];
  #others: Set<string> | null = null;

  /** Returns false if the object has this key already. */
  add(key: string): boolean {
    if (this.#few.includes(key) || this.#others?.has(key) === true) return false;
    if (this.#few.length < FEW) this.#few.push(key);
    else (this.#others ??= new Set()).add(key);
    return true;
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
  while (at <= start + MAX_NUMBER && isNumeric(text.charCodeAt(at))) at++;
  return at;
}

/** Whether it is one of `-0123456789+.eE`; not so for NaN, which stands after the end of a text. */
function isNumeric(code: number): boolean {
  return startsNumber(code) || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;
}

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
