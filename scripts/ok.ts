// `npm run ok`, the gate: every check in turn, quick ones first, and all tests last. Stops at the first that fails.
import { join } from 'node:path';
import { runGroup, runHere } from './lib/run.ts';
import { ROOT } from './lib/tree.ts';

const LIMIT_MS = 61 * 60_000;

const tool = (path: string) => join(ROOT, 'node_modules', path);
const check = (name: string) => join(ROOT, 'scripts', `check-${name}.ts`);

const STEPS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['format', tool('@biomejs/biome/bin/biome'), 'format', '.'],
  ['types', tool('typescript/bin/tsc'), '-p', '.'],
  ['types of web', tool('typescript/bin/tsc'), '-p', 'web'],
  ['lint', tool('oxlint/bin/oxlint')],
  ['language', check('language')],
  ['layers', check('layers')],
  ['rules', check('rules')],
  ['sizes', check('sizes')],
  ['architecture', check('architecture')],
  ['unused', tool('knip/bin/knip.js')],
];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const [name, ...args] of STEPS) {
  const started = performance.now();
  const { code, output } = await runGroup(['--disable-warning=ExperimentalWarning', ...args], LIMIT_MS, ROOT);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.padStart(5)} s`);
  if (code === 0) continue;
  say(output);
  process.exit(1);
}
process.exitCode = await runHere('npm', ['test'], LIMIT_MS);
