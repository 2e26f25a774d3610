import { stripTypeScriptTypes } from 'node:module';
import { citedIds } from './rules.ts';
import { viewsOf } from './source.ts';
import type { SourceFile } from './tree.ts';

/** A copy of a file that inverts the condition on one line that cites a rule. */
export type Mutant = {
  readonly path: string;
  readonly line: number;
  readonly id: string;
  /** The whole file, changed. */
  readonly text: string;
  /** The changed line. */
  readonly shown: string;
};

/** Replaces the text from `from` to `to`. */
type Change = { readonly from: number; readonly to: number; readonly by: (was: string) => string };

const GUARD = /\b(?:if|while) \(/;
const TERNARY = /\S \? /;
const BEFORE_CONDITION = /(?:\b(?:return|yield) |[^=!<>]= |=> |[([{,;:?] ?|\.\.\.)$/;
const VALUE = /(?:\breturn |=> )(?=[^{\s])/;
const TRUTH = / (?:[=!]==?|[<>]=?|&&|\|\||instanceof|in) |^!|\.(?:has|includes|test|some|every|startsWith|endsWith)\(/;
const COMPARISON = / (===|!==|==|!=|<=|>=|<|>) /;
const OPPOSITE: { readonly [operator: string]: string } = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** One mutant for each rule that a line with a condition cites. */
export function mutantsOf(file: SourceFile): Mutant[] {
  const { code } = viewsOf(file.text);
  return citedIds([file]).flatMap(({ id, path, line }) => {
    const start = lineStart(code, line);
    const end = lineStart(code, line + 1) - 1;
    const change = changeOn(code, start, end);
    if (change === null) return [];
    const { from, to, by } = change;
    const text = file.text.slice(0, from) + by(file.text.slice(from, to)) + file.text.slice(to);
    return isValid(text) ? [{ id, path, line, text, shown: (text.split('\n')[line - 1] ?? '').trim() }] : [];
  });
}

function lineStart(code: string, line: number): number {
  return code.split('\n', line - 1).reduce((sum, content) => sum + content.length + 1, 0);
}

function changeOn(code: string, start: number, end: number): Change | null {
  const line = code.slice(start, end);
  const negate = (was: string) => `!(${was})`;
  const guard = GUARD.exec(line);
  if (guard) {
    const from = start + guard.index + guard[0].length;
    return { from, to: endOfExpression(code, from), by: negate };
  }
  const ternary = TERNARY.exec(line);
  if (ternary)
    return { from: start + startOfCondition(line, ternary.index + 1), to: start + ternary.index + 1, by: negate };
  const value = VALUE.exec(line);
  if (value) {
    const from = start + value.index + value[0].length;
    const to = endOfExpression(code, from);
    if (TRUTH.test(code.slice(from, to))) return { from, to, by: negate };
  }
  const comparison = COMPARISON.exec(line);
  if (!comparison) return null;
  const from = start + comparison.index;
  return { from, to: from + comparison[0].length, by: (was) => ` ${OPPOSITE[was.trim()]} ` };
}

/** The end of the expression that begins at `from`: a `;` or `,` outside of brackets, or the end of the enclosing bracket. */
function endOfExpression(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    const char = code.charAt(at);
    if ('([{'.includes(char)) depth++;
    if (depth === 0 && ')]};,'.includes(char)) return at;
    if (')]}'.includes(char)) depth--;
  }
  return code.length;
}

/** The start of the condition that ends at `end` in a line. */
function startOfCondition(line: string, end: number): number {
  let depth = 0;
  for (let at = end; at > 0; at--) {
    const char = line.charAt(at - 1);
    if (depth === 0 && BEFORE_CONDITION.test(line.slice(0, at))) return at;
    if (')]}'.includes(char)) depth++;
    if ('([{'.includes(char)) depth--;
  }
  return line.search(/\S/);
}

function isValid(text: string): boolean {
  try {
    stripTypeScriptTypes(text);
    return true;
  } catch {
    return false;
  }
}
