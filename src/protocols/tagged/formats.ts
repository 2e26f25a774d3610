import { decodeBase64, encodeBase64 } from '../../lib/base64.ts';
import { FONT_FAMILY } from './font-family.ts';
import type { Font, FontParts } from './schema.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const FAMILY = new RegExp(FONT_FAMILY, 'u');
const COLOR = /^#[0-9A-Fa-f]{6}$/;
const STYLE = /^[bius]{1,4}$/;

/** The text in canonical base64 of UTF-8, padded fully or not at all; `null` for anything else. */
export function readBody(base64: string): string | null {
  const bytes = decodeBase64(base64);
  if (bytes === null) return null; // TAG-12
  try {
    return decoder.decode(bytes);
  } catch {
    return null; // TAG-13
  }
}

/** Padded base64 of a text. Throws a TypeError for a lone surrogate, which has no UTF-8. */
export function writeBody(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a body is not well-formed Unicode');
  return encodeBase64(encoder.encode(text));
}

/** Milliseconds since 1970 of `YYYY-MM-DDThh:mm:ss.mmmZ`; `null` for another format or a moment that does not exist. */
export function readTimestamp(text: string): number | null {
  const ms = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN; // TAG-14
  return Number.isFinite(ms) && new Date(ms).toISOString() === text ? ms : null; // TAG-14
}

/** The same, written. Throws a RangeError outside of the years 0000 to 9999. */
export function writeTimestamp(ms: number): string {
  const text = new Date(ms).toISOString();
  if (!TIMESTAMP.test(text)) throw new RangeError('a timestamp is outside of the years 0000 to 9999');
  return text;
}

/** The valid parts of a font. They must be safe to show in web pages and terminals. */
export function readFont(font: { readonly [part: string]: unknown }): FontParts {
  const { family, color, style } = font;
  return {
    ...(typeof family === 'string' && FAMILY.test(family) ? { family } : {}), // TAG-15
    ...(typeof color === 'string' && COLOR.test(color) ? { color } : {}), // TAG-15
    ...(style === '' || (typeof style === 'string' && STYLE.test(style)) ? { style: inOrder(style) } : {}), // TAG-15
  };
}

/** Fills the missing parts of a font from the default. */
export function completeFont(parts: FontParts, byDefault: Font): Font {
  return {
    family: parts.family ?? byDefault.family,
    color: parts.color ?? byDefault.color,
    style: parts.style ?? byDefault.style,
  };
}

/** Each letter once, in a fixed order: sixteen styles in all. */
function inOrder(style: string): string {
  return [...'bius'].filter((letter) => style.includes(letter)).join('');
}
