import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSizes } from './check-sizes.ts';

function file(path: string, lines: number) {
  return { path, text: 'x\n'.repeat(lines) };
}

test('files above 500 lines fail unless a reason is given', () => {
  const files = [file('a.ts', 10), file('b.ts', 501), file('c.ts', 500), file('d.ts', 10), file('e.ts', 10)];
  assert.deepEqual(checkSizes(files, {}).problems, ['b.ts: 501 lines, and no reason in scripts/sizes.json']);
  assert.deepEqual(checkSizes(files, { 'b.ts': 'a table' }).problems, []);
});

test('a reason that is not needed fails', () => {
  assert.deepEqual(checkSizes([file('a.ts', 10)], { 'a.ts': 'a table' }).problems, [
    'scripts/sizes.json: a.ts needs no reason',
  ]);
});

test('a median of 120 lines fails; tests do not count in it', () => {
  const files = [file('a.ts', 120), file('b.ts', 120), file('c.ts', 120), file('a.test.ts', 1), file('b.test.ts', 1)];
  assert.deepEqual(checkSizes(files, {}).problems, ['the median is 120 lines, not below 120']);
  assert.deepEqual(checkSizes([file('a.ts', 119)], {}).problems, []);
});

test('files above 300 lines are told, largest first', () => {
  assert.deepEqual(checkSizes([file('a.ts', 301), file('b.ts', 400), file('c.ts', 1)], {}).remarks, [
    'median 301 lines',
    'b.ts: 400 lines',
    'a.ts: 301 lines',
  ]);
});
