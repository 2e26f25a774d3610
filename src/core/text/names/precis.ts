import { assigned } from './unicode.ts';

// RFC 8264, 9.1 (letters and digits) and 9.11 (ASCII7), and the characters that RFC 5892, 2.6 allows, always or in a context.
const VALID =
  /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}!-~\u00B7\u0375\u05F3\u05F4\u06FD\u06FE\u0F0B\u200C\u200D\u3007\u30FB]*$/u;

// The joiners are ignorable too, but have contextual rules of their own.
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}--[\u200C\u200D]]/v;

const OLD_JAMO = /[\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7C6\uD7CB-\uD7FB]/u;

// Tatweel, N'Ko lajanyalan, Hangul tone marks and vertical kana marks: disallowed by RFC 5892, 2.6.
const EXCEPTION = /[\u0640\u07FA\u302E\u302F\u3031-\u3035\u303B]/u;

const ASSIGNED = new RegExp(`^[${assigned}]*$`, 'u');

/** Whether every character of a text in NFC belongs to the IdentifierClass of RFC 8264, contextual rules apart. */
export function isIdentifier(text: string): boolean {
  if (!VALID.test(text) || IGNORABLE.test(text)) return false; // NAME-04
  if (OLD_JAMO.test(text) || EXCEPTION.test(text)) return false; // NAME-04
  if (text.normalize('NFKC') !== text) return false; // NAME-05
  return ASSIGNED.test(text); // NAME-06
}

const WIDE_OR_NARROW = /[\u3000\uFF01-\uFFEE]/gu;

/**
 * The width mapping of RFC 8265: full-width and half-width characters become the usual ones. For half-width jamo and the
 * full-width macron NFKC goes further than the width mapping, but from one disallowed character to another.
 */
export function mapWidth(text: string): string {
  return text.replace(WIDE_OR_NARROW, (character) => character.normalize('NFKC')); // NAME-03
}
