// Small files: a source file has at most 300 lines and their median is below 120; a folder has at most 20 of them.
import { posix } from 'node:path';
import { CODE, finish, isTest, readTree, type SourceFile } from './lib/tree.ts';

const MEDIAN = 120;
const LARGE = 300;
const TOO_LARGE_TEST = 500;
const CROWDED = 20;

/** What is wrong with the sizes (`problems`), and what is worth a look (`remarks`). Tests may have 500 lines. */
export function checkSizes(files: readonly SourceFile[]): { readonly problems: string[]; readonly remarks: string[] } {
  const sizes = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  const sources = sizes.filter(({ path }) => !isTest(path));
  const median = medianOf(sources.map(({ lines }) => lines));
  const large = sizes.filter(({ lines }) => lines > LARGE).toSorted((a, b) => b.lines - a.lines);
  const tooLarge = large.filter(({ path, lines }) => !isTest(path) || lines > TOO_LARGE_TEST);
  const folders = Map.groupBy(sources, ({ path }) => posix.dirname(path));
  const crowded = [...folders].filter(([, { length }]) => length > CROWDED);
  return {
    problems: [
      ...tooLarge.map(({ path, lines }) => `${path}: ${lines} lines`),
      ...crowded.map(([folder, { length }]) => `${folder}: ${length} source files`),
      ...(median < MEDIAN ? [] : [`the median is ${median} lines, not below ${MEDIAN}`]),
    ],
    remarks: [`median ${median} lines`, ...large.map(({ path, lines }) => `${path}: ${lines} lines`)],
  };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

if (import.meta.main) {
  const { problems, remarks } = checkSizes(readTree(['src', 'web'], CODE));
  finish(problems, remarks.join('\n'));
}
