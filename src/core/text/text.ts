import { err, ok, type Result } from '../../lib/result.ts';

/** Why a text, a display name, a status or a reason is refused (TEXT rules). */
export type TextProblem = 'empty' | 'too-long' | 'control' | 'encoding';

const MAX_TEXT_BYTES = 16_384;
const MAX_LINE_CODE_POINTS = 64;
const MAX_REASON_CODE_POINTS = 200;

const encoder = new TextEncoder();

/** Control characters (C0, DEL, C1) but tab and newline. */
const CONTROL = /[\p{Cc}--[\t\n]]/v;

/** Control characters, line and paragraph separators, and characters that embed, override or isolate a direction. */
const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/v;

/**
 * What nobody can see: white space, what Unicode calls ignorable, format characters, noncharacters, and characters whose
 * glyph is blank (Braille without dots, the null notehead, the object replacement).
 */
const UNSEEN =
  '\\p{White_Space}\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Cc}\\p{Noncharacter_Code_Point}\\u2800\\uFFFC\\u{1D159}';
const VISIBLE = new RegExp(`[^${UNSEEN}]`, 'v');
const ALL_UNSEEN = new RegExp(`[${UNSEEN}]+`, 'gv');

/** The text from its first visible character on; empty if nothing in it can be seen. */
export function fromFirstVisible(text: string): string {
  const at = text.search(VISIBLE);
  return at === -1 ? '' : text.slice(at);
}

/** The characters of a text that can be seen. */
export function visibleOf(text: string): string {
  return text.replace(ALL_UNSEEN, '');
}

/** Reads a message text: safe to store and to show, with `\n` as its only line end (TEXT rules). */
export function parseText(text: string): Result<string, TextProblem> {
  if (text.length > 2 * MAX_TEXT_BYTES) return err('too-long'); // TEXT-02
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text; // TEXT-01
  if (isLonger(lines)) return err('too-long'); // TEXT-02
  return checked(lines, CONTROL);
}

/** Reads a display name or a status: 1 to 64 code points in one line, kept as written (TEXT-07). */
export function parseLine(text: string): Result<string, TextProblem> {
  return parseOneLine(text, MAX_LINE_CODE_POINTS); // TEXT-07
}

/** Reads the reason of a kick or a ban: 1 to 200 code points in one line, kept as written (TEXT-06). */
export function parseReason(text: string): Result<string, TextProblem> {
  return parseOneLine(text, MAX_REASON_CODE_POINTS); // TEXT-06
}

function parseOneLine(text: string, limit: number): Result<string, TextProblem> {
  if (text.length > 2 * limit || [...text].length > limit) return err('too-long'); // TEXT-06 TEXT-07
  return checked(text, NOT_IN_A_LINE); // TEXT-06 TEXT-07
}

/** Whether the UTF-8 form is too long. A code unit makes at most three bytes, so counting is rare. */
function isLonger(text: string): boolean {
  if (text.length * 3 <= MAX_TEXT_BYTES) return false;
  return encoder.encode(text).length > MAX_TEXT_BYTES; // TEXT-02
}

function checked(text: string, forbidden: RegExp): Result<string, TextProblem> {
  if (forbidden.test(text)) return err('control'); // TEXT-03
  if (!text.isWellFormed()) return err('encoding'); // TEXT-04
  if (!VISIBLE.test(text)) return err('empty'); // TEXT-05
  return ok(text);
}
