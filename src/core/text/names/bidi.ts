import { bidi } from './unicode.ts';

const { R, AN, EN, NSM, neutral } = bidi;

const RIGHT_TO_LEFT = new RegExp(`[${R}${AN}]`, 'u');
const ALLOWED = new RegExp(`^[${R}][${R}${AN}${EN}${NSM}${neutral}]*$`, 'u');
const END = new RegExp(`[${R}${AN}${EN}][${NSM}]*$`, 'u');
const BOTH_NUMBERS = new RegExp(`[${AN}].*[${EN}]|[${EN}].*[${AN}]`, 'u');

/**
 * The Bidi rule of RFC 5893, section 2, which applies to names with right-to-left characters. Its conditions for names that
 * begin from left to right need no code: such names may have no right-to-left characters.
 */
export function hasOneDirection(text: string): boolean {
  if (!RIGHT_TO_LEFT.test(text)) return true; // NAME-10
  if (!ALLOWED.test(text)) return false; // NAME-10
  if (BOTH_NUMBERS.test(text)) return false; // NAME-11
  return END.test(text); // NAME-10
}
