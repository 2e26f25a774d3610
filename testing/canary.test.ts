import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const CANARY = new URL('canary.ts', import.meta.url).href;

/** Runs a test file with this body under the canary; returns the exit code. */
function run(t: { after(end: () => void): void }, body: string): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-canary-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.test.mjs');
  writeFileSync(file, `import { describe, test } from 'node:test';\n${body}`);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, ['--test', '--import', CANARY, file], { env }).status;
}

test('T4 a test that changes a prototype fails, also inside `describe`', (t) => {
  assert.equal(run(t, "test('good', () => { ({}).a = 1; });"), 0);
  assert.equal(run(t, "test('bad', () => { Object.prototype.a = 1; });"), 1);
  assert.equal(run(t, "describe('in', () => { test('bad', () => { Array.prototype.a = 1; }); });"), 1);
  assert.equal(run(t, "test('bad', () => { JSON.parse('{}').__proto__.a = 1; });"), 1);
});
