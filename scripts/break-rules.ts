import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../testing/random.ts';
import { testsOf } from './lib/affected.ts';
import { copyProject } from './lib/copy.ts';
import { type Mutant, mutantsOf } from './lib/mutants.ts';
import { titledIds } from './lib/rules.ts';
import { runGroup, TEST_FLAGS } from './lib/run.ts';
import { FOLDERS, isTest, ROOT, readTree, type SourceFile } from './lib/tree.ts';

const LIMIT_MS = 60_000;
const FLAGS = [...TEST_FLAGS, '--test-timeout=20000'];
const MAX_SURVIVORS = 2;

/**
 * Inverts `count` conditions on lines that cite a rule, one at a time in a copy of the project, and runs the tests of that
 * rule, which must fail. Lists the mutants that survive; more than two of them fail this run.
 */
export async function breakRules(count: number, seed: string = `${Date.now() % 1_000_000}`): Promise<void> {
  const files = readTree(FOLDERS, '.ts');
  const candidates = files.filter(({ path }) => path.startsWith('src/') && !isTest(path)).flatMap(mutantsOf);
  const chosen = seededRandom(Number(seed)).shuffle(candidates).slice(0, count);
  say(
    `${candidates.length} conditions on lines that cite a rule; ${chosen.length} of them are inverted (--seed ${seed})`,
  );
  const copies = Array.from({ length: Math.max(1, availableParallelism()) }, copyProject);
  process.on('exit', () => copies.forEach((copy) => rmSync(copy, { recursive: true, force: true })));

  const unharmed = await runTests(
    copies[0] ?? ROOT,
    chosen.map(({ id }) => id),
    files,
    chosen.length * LIMIT_MS,
  );
  if (unharmed.code !== 0) {
    say(unharmed.output);
    say('these tests fail without a mutant, so nothing can be concluded');
    process.exit(1);
  }
  const survivors: Mutant[] = [];
  const waiting = chosen.entries();
  await Promise.all(
    copies.map(async (copy) => {
      for (const [index, mutant] of waiting) {
        const started = performance.now();
        const killed = await isKilled(copy, mutant, files);
        if (!killed) survivors.push(mutant);
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        say(`${index + 1}/${chosen.length} ${killed ? 'killed  ' : 'SURVIVED'} ${seconds} s  ${nameOf(mutant)}`);
      }
    }),
  );
  say(`${chosen.length - survivors.length} of ${chosen.length} killed, ${survivors.length} survived`);
  for (const mutant of survivors) say(`  ${nameOf(mutant)}\n    ${mutant.shown}`);
  process.exit(survivors.length > MAX_SURVIVORS ? 1 : 0);
}

async function isKilled(copy: string, mutant: Mutant, files: readonly SourceFile[]): Promise<boolean> {
  const file = join(copy, mutant.path);
  const original = files.find(({ path }) => path === mutant.path)?.text ?? '';
  writeFileSync(file, mutant.text);
  const { code } = await runTests(copy, [mutant.id], files, LIMIT_MS);
  writeFileSync(file, original);
  return code !== 0;
}

function runTests(copy: string, ids: readonly string[], files: readonly SourceFile[], limitMs: number) {
  const titled = new Set(
    titledIds(files)
      .filter(({ id }) => ids.includes(id))
      .map(({ path }) => path),
  );
  const tests = files.filter(({ path }) => titled.has(path)).flatMap(({ path }) => testsOf(path, files));
  const pattern = `--test-name-pattern=\\b(?:${[...new Set(ids)].join('|')})\\b`;
  return runGroup([...FLAGS, pattern, ...new Set(tests)], limitMs, copy);
}

function nameOf({ path, line, id }: Mutant): string {
  return `${path}:${line} ${id}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
