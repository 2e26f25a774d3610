import { decodeBase64, encodeBase64 } from '../../lib/base64.ts';
import type { Font, FontParts } from './schema.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const FAMILY = /^[A-Za-z0-9 -]{1,40}$/;
const COLOR = /^#[0-9A-Fa-f]{6}$/;
const STYLE = /^[bius]{1,4}$/;

/** The text of UTF-8 in base64, padded wholly or not at all and in its one form; `null` for anything else. */
export function readBody(base64: string): string | null {
  const bytes = decodeBase64(base64);
  if (bytes === null) return null; // TAG-12
  try {
    return decoder.decode(bytes);
  } catch {
    return null; // TAG-13
  }
}

/** Padded base64 of a text. Throws a TypeError for half surrogates, which have no UTF-8. */
export function writeBody(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a body is not well-formed Unicode');
  return encodeBase64(encoder.encode(text));
}

/** Milliseconds since 1970 of `YYYY-MM-DDThh:mm:ss.mmmZ`; `null` if it is not exactly that, or no such moment exists. */
export function readTimestamp(text: string): number | null {
  const ms = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN; // TAG-14
  return Number.isFinite(ms) && new Date(ms).toISOString() === text ? ms : null; // TAG-14
}

/** Throws a RangeError for a moment outside of the years 0000 to 9999. */
export function writeTimestamp(ms: number): string {
  const text = new Date(ms).toISOString();
  if (!TIMESTAMP.test(text)) throw new RangeError('a timestamp is outside of the years 0000 to 9999');
  return text;
}

/** The parts of a font that fit, each in its safe form; it reaches web pages and terminals. */
export function readFont(font: { readonly [part: string]: unknown }): FontParts {
  const { family, color, style } = font;
  return {
    ...(typeof family === 'string' && FAMILY.test(family) ? { family } : {}), // TAG-15
    ...(typeof color === 'string' && COLOR.test(color) ? { color } : {}), // TAG-15
    ...(style === '' || (typeof style === 'string' && STYLE.test(style)) ? { style: inOrder(style) } : {}), // TAG-15
  };
}

/** A whole font: each part that is missing is the default's. */
export function completeFont(parts: FontParts, byDefault: Font): Font {
  return {
    family: parts.family ?? byDefault.family,
    color: parts.color ?? byDefault.color,
    style: parts.style ?? byDefault.style,
  };
}

/** Each letter once, in one order, so that there are sixteen styles in all. */
function inOrder(style: string): string {
  return [...'bius'].filter((letter) => style.includes(letter)).join('');
}
