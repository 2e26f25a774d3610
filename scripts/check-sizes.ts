// Small files: the median stays below 120 lines; above 500 a file needs its reason in sizes.json.
import { readFileSync } from 'node:fs';
import { finish, isTest, readTree, type SourceFile } from './lib/tree.ts';

const MEDIAN = 120;
const LARGE = 300;
const TOO_LARGE = 500;

/** Why files may be longer than that, by path. */
export type Reasons = { readonly [path: string]: string };

/** What is wrong with the sizes (`problems`), and what is worth a look (`remarks`). */
export function checkSizes(
  files: readonly SourceFile[],
  reasons: Reasons,
): { readonly problems: string[]; readonly remarks: string[] } {
  const sizes = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  const median = medianOf(sizes.filter(({ path }) => !isTest(path)).map(({ lines }) => lines));
  const large = sizes.filter(({ lines }) => lines > LARGE).toSorted((a, b) => b.lines - a.lines);
  const tooLarge = large.filter(({ lines }) => lines > TOO_LARGE);
  const problems = tooLarge
    .filter(({ path }) => !reasons[path])
    .map(({ path, lines }) => `${path}: ${lines} lines, and no reason in scripts/sizes.json`);
  const needless = Object.keys(reasons)
    .filter((path) => !tooLarge.some((file) => file.path === path))
    .map((path) => `scripts/sizes.json: ${path} needs no reason`);
  const middle = median < MEDIAN ? [] : [`the median is ${median} lines, not below ${MEDIAN}`];
  const remarks = [`median ${median} lines`, ...large.map(({ path, lines }) => `${path}: ${lines} lines`)];
  return { problems: [...problems, ...needless, ...middle], remarks };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

if (import.meta.main) {
  const reasons = JSON.parse(readFileSync(new URL('sizes.json', import.meta.url), 'utf8')) as Reasons;
  const { problems, remarks } = checkSizes(readTree(['src'], '.ts'), reasons);
  finish(problems, remarks.join('\n'));
}
