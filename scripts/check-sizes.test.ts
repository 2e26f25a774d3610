import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSizes } from './check-sizes.ts';

function file(path: string, lines: number) {
  return { path, text: 'x\n'.repeat(lines) };
}

test('source files above 300 lines fail, and tests above 500', () => {
  const sources = [file('a.ts', 300), file('b.ts', 301), file('c.ts', 1), file('d.ts', 1), file('e.ts', 1)];
  assert.deepEqual(checkSizes([...sources, file('a.test.ts', 500), file('b.test.ts', 501)]).problems, [
    'b.test.ts: 501 lines',
    'b.ts: 301 lines',
  ]);
});

test('a folder with more than 20 source files of its own fails; tests and folders in it do not count', () => {
  const files = Array.from({ length: 20 }, (_, index) => file(`src/a/${index}.ts`, 1));
  assert.deepEqual(checkSizes([...files, file('src/a/a.test.ts', 1), file('src/a/b/c.ts', 1)]).problems, []);
  assert.deepEqual(checkSizes([...files, file('src/a/20.ts', 1)]).problems, ['src/a: 21 source files']);
});

test('a median of 120 lines fails; tests do not count in it', () => {
  const files = [file('a.ts', 120), file('b.ts', 120), file('c.ts', 120), file('a.test.ts', 1), file('b.test.ts', 1)];
  assert.deepEqual(checkSizes(files).problems, ['the median is 120 lines, not below 120']);
  assert.deepEqual(checkSizes([file('a.ts', 119)]).problems, []);
});

test('files above 300 lines are told, largest first', () => {
  assert.deepEqual(checkSizes([file('a.test.ts', 301), file('b.test.ts', 400), file('c.ts', 1)]).remarks, [
    'median 1 lines',
    'b.test.ts: 400 lines',
    'a.test.ts: 301 lines',
  ]);
});
