import { err, ok, type Result } from '../../lib/result.ts';
import type { LineProblem } from '../model/refusals.ts';

const MAX_CODE_POINTS = 64;

/** All controls, the line and paragraph separators, and what embeds, overrides or isolates a direction. */
export const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/v;

/** A display name or a status, as written: 1 to 64 code points in one line (TEXT-07). */
export function parseLine(text: string): Result<string, LineProblem> {
  if (text.length > 2 * MAX_CODE_POINTS || [...text].length > MAX_CODE_POINTS) return err('too-long'); // TEXT-07
  if (NOT_IN_A_LINE.test(text)) return err('control'); // TEXT-07
  if (!text.isWellFormed()) return err('encoding'); // TEXT-07
  if (!/\S/.test(text)) return err('empty'); // TEXT-07
  return ok(text);
}
