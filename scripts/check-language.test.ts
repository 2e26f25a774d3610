import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLanguage } from './check-language.ts';

for (const [path, text] of [
  ['src/core/a.ts', 'let count = 0;'],
  ['src/core/a.ts', 'export let count = 0;'],
  ['web/state/a.ts', 'let count = 0;'],
  ['web/views/a.tsx', 'const seen = new Set();'],
  ['testing/a.ts', 'const seen = new Map<string, number>();'],
  ['src/core/a.ts', 'export const seen: string[] = [];'],
  ['src/core/a.ts', 'export const now = () => new Date();'],
  ['src/protocols/c2/codec.ts', 'const now = new Date();'],
  ['src/core/a.test.ts', "test.only('a', run);"],
  ['src/core/a.test.ts', "describe.skip('a', run);"],
  ['src/core/a.test.ts', "test('a', { skip: true }, run);"],
  ['src/core/a.test.ts', "test('a', (t) => t.skip());"],
  ['src/core/a.suite.ts', "test.todo('a');"],
] as const) {
  test(`refused in ${path}: ${text.replaceAll('\n', ' ')}`, () => {
    assert.equal(checkLanguage([{ path, text }]).length, 1);
  });
}

for (const [path, text] of [
  ['src/core/a.ts', 'function count() {\n  let sum = 0;\n  return sum;\n}'],
  ['src/core/a.ts', "const names = new Map([['a', 1]]);"],
  ['src/core/a.ts', '// new Date(), and test.only\nexport const a = new Date(0);'],
  ['src/server/a.ts', 'const now = new Date();'],
  ['src/storage/a.child.ts', 'let count = 0;'],
  ['scripts/a.ts', 'let count = 0;'],
  ['src/core/a.test.ts', "open(t, { only: 'c2' });"],
  ['src/core/a.test.ts', "test('a', (t) => t.skip('no IPv6 here'));"],
] as const) {
  test(`allowed in ${path}: ${text.replaceAll('\n', ' ')}`, () => {
    assert.deepEqual(checkLanguage([{ path, text }]), []);
  });
}
