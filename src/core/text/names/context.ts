import { joining, virama } from './unicode.ts';

/** Joiners not after a virama, and non-joiners also not between letters that join (A.1 and A.2). */
const JOINERS = new RegExp(
  [
    `(?<![${virama}])\\u200D`,
    `(?<![${virama}])(?<![${joining.left}][${joining.transparent}]*)\\u200C`,
    `(?<![${virama}])\\u200C(?![${joining.transparent}]*[${joining.right}])`,
  ].join('|'),
  'u',
);

/** Middle dots not between two l, keraia not before Greek, geresh and gershayim not after Hebrew (A.3 to A.6). */
const SIGNS = /(?<!l)\u00B7|\u00B7(?!l)|\u0375(?!\p{Script=Greek})|(?<!\p{Script=Hebrew})[\u05F3\u05F4]/u;

/** The katakana middle dot in a text without kana and ideographs (A.7). */
const LONE_KATAKANA_DOT =
  /^[^\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]*\u30FB[^\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]*$/u;

/** Both sets of Arabic digits in one text (A.8 and A.9). */
const BOTH_DIGITS = /[\u0660-\u0669].*[\u06F0-\u06F9]|[\u06F0-\u06F9].*[\u0660-\u0669]/u;

/** Whether a case-mapped text meets the contextual rules of RFC 5892, appendix A. */
export function isInContext(text: string): boolean {
  if (JOINERS.test(text)) return false; // NAME-07
  if (SIGNS.test(text) || LONE_KATAKANA_DOT.test(text)) return false; // NAME-08
  return !BOTH_DIGITS.test(text); // NAME-09
}
