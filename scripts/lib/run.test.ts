import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { runGroup } from './run.ts';

const RUN = new URL('run.ts', import.meta.url).href;
const FOREVER = 'setInterval(() => {}, 1000);';
/** Starts a program that keeps its output open, and then hears no signal that it could handle. */
const FAMILY = `
  require('node:child_process').spawn(process.execPath, ['-e', '${FOREVER}'], { stdio: 'inherit' });
  for (;;);
`;

test('a program gives its exit code and all its output', async () => {
  const program = 'console.log("a"); console.error("b"); process.exit(3)';
  const { code, output } = await runGroup(['-e', program], 60_000, tmpdir());
  assert.equal(code, 3);
  assert.deepEqual(output.trim().split('\n').sort(), ['a', 'b']);
});

test('a program that takes too long is killed, with what it started', async () => {
  assert.equal((await runGroup(['-e', FAMILY], 300, tmpdir())).code, 137);
});

test('who is asked to end while it runs a program ends', async () => {
  const program = `
    import { runGroup } from '${RUN}';
    const running = runGroup(['-e', '${FOREVER}'], 60_000, '.');
    process.kill(process.pid, 'SIGTERM');
    await running;
  `;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env });
  assert.deepEqual(await once(child, 'exit'), [143, null]);
});
