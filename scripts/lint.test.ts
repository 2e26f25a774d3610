import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ROOT } from './lib/tree.ts';

const OXLINT = join(ROOT, 'node_modules/oxlint/bin/oxlint');

/** The rules that this text breaks in a file of this name; without those that need types. */
function broken(t: TestContext, path: string, text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-lint-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const config = readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8').replace('"typeAware": true', '"typeAware": false');
  writeFileSync(join(folder, '.oxlintrc.json'), config);
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), `${text}\n`);
  const { stdout } = spawnSync(process.execPath, [OXLINT, '-f', 'unix'], { cwd: folder, encoding: 'utf8' });
  return [...stdout.matchAll(/\[Error\/[\w-]+\(([\w-]+)\)\]/g)].map(([, rule]) => rule ?? '');
}

const TIME_AND_CHANCE = [
  ['no-restricted-properties', 'export const f = () => Date.now();'],
  ['no-restricted-properties', 'export const f = () => performance.now();'],
  ['no-restricted-properties', 'export const f = () => Math.random();'],
  ['no-restricted-properties', 'export const f = () => crypto.randomUUID();'],
  ['no-restricted-globals', 'export const f = () => setTimeout(f, 1);'],
  ['no-restricted-globals', 'export const f = () => setInterval(f, 1);'],
  ['no-restricted-globals', 'export const f = () => setImmediate(f);'],
  ['no-restricted-imports', "import { randomUUID } from 'node:crypto';\nexport const f = randomUUID;"],
  ['no-restricted-imports', "import { setTimeout } from 'node:timers/promises';\nexport const f = setTimeout;"],
] as const;

for (const [rule, text] of TIME_AND_CHANCE) {
  test(`${text.replaceAll('\n', ' ')} is refused, except where the ports are implemented`, (t) => {
    for (const path of ['src/core/a.ts', 'src/protocols/c2/client.ts', 'src/storage/sqlite/a.ts']) {
      assert.deepEqual(broken(t, path, text), [rule], path);
    }
    for (const path of ['src/server/a.ts', 'src/transports/a.ts', 'src/lib/platform.ts', 'bench/a.ts']) {
      assert.deepEqual(broken(t, path, text), [], path);
    }
  });
}

test('any, `!` and console are refused', (t) => {
  assert.deepEqual(broken(t, 'src/core/a.ts', 'export const f = (a: any) => a;'), ['no-explicit-any']);
  assert.deepEqual(broken(t, 'testing/a.ts', 'export const f = (a?: string) => a!;'), ['no-non-null-assertion']);
  assert.deepEqual(broken(t, 'src/core/a.ts', "console.log('a');"), ['no-console']);
});

for (const [rule, text] of [
  ['no-danger', "export const a = <p dangerouslySetInnerHTML={{ __html: 'a' }} />;"],
  ['no-restricted-properties', "export const f = (p: Element) => void (p.innerHTML = 'a');"],
  ['no-restricted-properties', "export const f = (p: Element) => void (p.outerHTML = 'a');"],
  ['no-restricted-properties', "export const f = (p: Element) => p.insertAdjacentHTML('beforeend', 'a');"],
  ['no-restricted-properties', "export const f = () => document.write('a');"],
  ['no-restricted-properties', 'export const f = () => crypto.randomUUID();'],
  ['no-eval', "export const f = () => eval('a');"],
  ['no-new-func', "export const f = () => new Function('a');"],
  ['no-script-url', 'export const a = <a href="javascript:b()">b</a>;'],
  ['jsx-no-target-blank', 'export const f = (href: string) => <a href={href} target="_blank">b</a>;'],
  ['tabindex-no-positive', 'export const a = <p tabIndex={1}>b</p>;'],
  ['alt-text', 'export const a = <img src="a.png" />;'],
  ['no-restricted-globals', "export const f = () => alert('a');"],
] as const) {
  test(`in the web client this is refused: ${text}`, (t) => {
    assert.ok(broken(t, 'web/views/a.tsx', text).includes(rule));
    assert.deepEqual(broken(t, 'web/views/a.tsx', 'export const a = <p>b</p>;'), []);
  });
}
