import { err, ok, type Result } from '../../lib/result.ts';
import { NOT_IN_A_LINE } from './line.ts';
import type { TextProblem } from '../model/refusals.ts';

const MAX_TEXT_BYTES = 16_384;
const MAX_REASON_CODE_POINTS = 200;

const encoder = new TextEncoder();

/** The controls (C0, DEL, C1) but tab and newline. */
const CONTROL = /[\p{Cc}--[\t\n]]/v;

/** What a person wrote, with `\n` as its only line end: fit to be stored and shown as it is (TEXT rules). */
export function parseText(text: string): Result<string, TextProblem> {
  if (text.length > 2 * MAX_TEXT_BYTES) return err('too-long'); // TEXT-02
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text; // TEXT-01
  if (isLonger(lines)) return err('too-long'); // TEXT-02
  return checked(lines, CONTROL);
}

/** The words for a kick or a ban: one line, kept as written (TEXT-06). */
export function parseReason(text: string): Result<string, TextProblem> {
  if (text.length > 2 * MAX_REASON_CODE_POINTS) return err('too-long'); // TEXT-06
  if ([...text].length > MAX_REASON_CODE_POINTS) return err('too-long'); // TEXT-06
  return checked(text, NOT_IN_A_LINE); // TEXT-06
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
