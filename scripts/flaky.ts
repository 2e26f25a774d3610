// `npm run flaky [-- --base REV | --all]`: runs the test files that a change touches 20 times while the processor is busy.
// Without a base the change is what is not committed, and the last commit.
import { execFileSync, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { touchedTests } from './lib/affected.ts';
import { CANARY, runGroup, TEST_FLAGS } from './lib/run.ts';
import { CODE, FOLDERS, ROOT, readTree } from './lib/tree.ts';

const RUNS = 20;
const LIMIT_MS = 11 * 60_000;
const HOGS = 2;

function git(...args: string[]): string[] {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
}

/** The files that differ from a revision, and those that git does not know yet. */
function changedSince(revision: string): string[] {
  return [...git('diff', '--name-only', revision), ...git('ls-files', '--others', '--exclude-standard')];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function keepBusy(): void {
  const hog = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  process.on('exit', () => hog.kill('SIGKILL'));
}

/** Runs a file again and again; says how it went, and what the first failure printed. */
async function failuresOf(path: string): Promise<number> {
  let failures = 0;
  let first = '';
  for (let run = 0; run < RUNS; run++) {
    const { code, output } = await runGroup([...TEST_FLAGS, ...CANARY, path], LIMIT_MS, ROOT);
    if (code === 0) continue;
    failures++;
    first ||= output;
  }
  say(`${failures === 0 ? 'ok    ' : 'FAILED'} ${RUNS - failures}/${RUNS}  ${path}`);
  if (failures > 0) say(first.slice(first.indexOf('failing tests')));
  return failures;
}

const { values } = parseArgs({ options: { base: { type: 'string', default: 'HEAD~1' }, all: { type: 'boolean' } } });
const files = readTree(FOLDERS, CODE);
const tests = touchedTests(values.all ? files.map(({ path }) => path) : changedSince(values.base), files);
say(`${tests.length} test files, ${RUNS} times each, beside ${HOGS} processes that never rest`);
for (let hog = 0; hog < HOGS; hog++) keepBusy();

const waiting = tests.values();
const lanes = Array.from({ length: availableParallelism() }, async () => {
  const failing: string[] = [];
  for (const path of waiting) if ((await failuresOf(path)) > 0) failing.push(path);
  return failing;
});
const failing = (await Promise.all(lanes)).flat();
say(failing.length === 0 ? 'none failed' : `failed at least once: ${failing.join(', ')}`);
process.exit(failing.length === 0 ? 0 : 1);
