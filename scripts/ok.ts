// `npm run ok`, the gate: every check in turn, quick ones first, and all tests last. Stops at the first that fails.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './lib/tree.ts';

const tool = (path: string) => join(ROOT, 'node_modules', path);
const check = (name: string) => join(ROOT, 'scripts', `check-${name}.ts`);

const STEPS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['format', tool('@biomejs/biome/bin/biome'), 'format', '.'],
  ['types', tool('typescript/bin/tsc'), '-p', '.'],
  ['lint', tool('oxlint/bin/oxlint')],
  ['language', check('language')],
  ['layers', check('layers')],
  ['rules', check('rules')],
  ['sizes', check('sizes')],
  ['unused', tool('knip/bin/knip.js')],
];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const [name, ...args] of STEPS) {
  const started = performance.now();
  const flags = ['--disable-warning=ExperimentalWarning', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { cwd: ROOT, encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${seconds.padStart(5)} s`);
  if (status === 0) continue;
  say(`${stdout}${stderr}`);
  process.exit(1);
}
const tests = spawnSync('npm', ['test'], { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
process.exit(tests.status ?? 1);
