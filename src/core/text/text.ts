import { err, ok, type Result } from '../../lib/result.ts';

/** What is wrong with a text, a display name, a status or a reason (TEXT rules). */
export type TextProblem = 'empty' | 'too-long' | 'control' | 'encoding';

const MAX_TEXT_BYTES = 16_384;
const MAX_LINE_CODE_POINTS = 64;
const MAX_REASON_CODE_POINTS = 200;

const encoder = new TextEncoder();

/** The controls (C0, DEL, C1) but tab and newline. */
const CONTROL = /[\p{Cc}--[\t\n]]/v;

/** All controls, line and paragraph separators, and the controls that embed, override or isolate a direction. */
const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/v;

/** A message text with `\n` as its only line end, safe to store and to show (TEXT rules). */
export function parseText(text: string): Result<string, TextProblem> {
  if (text.length > 2 * MAX_TEXT_BYTES) return err('too-long'); // TEXT-02
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text; // TEXT-01
  if (isLonger(lines)) return err('too-long'); // TEXT-02
  return checked(lines, CONTROL);
}

/** A display name or a status, as written: 1 to 64 code points in one line (TEXT-07). */
export function parseLine(text: string): Result<string, TextProblem> {
  return parseOneLine(text, MAX_LINE_CODE_POINTS); // TEXT-07
}

/** The reason for a kick or a ban, as written: 1 to 200 code points in one line (TEXT-06). */
export function parseReason(text: string): Result<string, TextProblem> {
  return parseOneLine(text, MAX_REASON_CODE_POINTS); // TEXT-06
}

function parseOneLine(text: string, limit: number): Result<string, TextProblem> {
  if (text.length > 2 * limit || [...text].length > limit) return err('too-long'); // TEXT-06 TEXT-07
  return checked(text, NOT_IN_A_LINE); // TEXT-06 TEXT-07
}

/** Whether the UTF-8 form has more than the allowed bytes. A code unit makes one to three of them, so counting is rare. */
function isLonger(text: string): boolean {
  if (text.length * 3 <= MAX_TEXT_BYTES) return false;
  return encoder.encode(text).length > MAX_TEXT_BYTES; // TEXT-02
}

function checked(text: string, forbidden: RegExp): Result<string, TextProblem> {
  if (forbidden.test(text)) return err('control'); // TEXT-03
  if (!text.isWellFormed()) return err('encoding'); // TEXT-04
  if (!/\S/.test(text)) return err('empty'); // TEXT-05
  return ok(text);
}
