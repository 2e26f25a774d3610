// The gate: everything that must hold before a change lands, in order; the tests come last, with their own summary.
import { spawnSync } from 'node:child_process';

const STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', 'npx', 'tsc', '-p', '.'],
  ['format', 'npx', 'biome', 'format', '.'],
  ['tests', 'npm', 'test'],
];

for (const [name, command, ...args] of STEPS) {
  const begun = performance.now();
  console.log(`ok: ${name} ...`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`ok: ${name} failed: ${[command, ...args].join(' ')}`);
    process.exit(1);
  }
  if (name !== 'tests') console.log(`ok: ${name}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
