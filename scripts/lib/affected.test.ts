import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testsOf, touchedTests } from './affected.ts';

const files = [
  { path: 'src/a/base.ts', text: '' },
  { path: 'src/a/middle.ts', text: "import { a } from './base.ts';" },
  { path: 'src/a/a.suite.ts', text: "import { a } from './middle.ts';" },
  { path: 'src/a/b.test.ts', text: "import { a } from './a.suite.ts';" },
  { path: 'test/c.test.ts', text: "import type { A } from '../src/a/base.ts';" },
];

test('the tests of a file import it directly or through others', () => {
  assert.deepEqual(testsOf('src/a/base.ts', files), ['src/a/b.test.ts', 'test/c.test.ts']);
  assert.deepEqual(testsOf('src/a/a.suite.ts', files), ['src/a/b.test.ts']);
  assert.deepEqual(testsOf('test/c.test.ts', files), ['test/c.test.ts']);
});

test('a change touches the tests that import it directly', () => {
  assert.deepEqual(touchedTests(['src/a/base.ts'], files), ['test/c.test.ts']);
  assert.deepEqual(touchedTests(['src/a/b.test.ts', 'src/a/gone.test.ts'], files), ['src/a/b.test.ts']);
});

test('a change of data touches the tests in the nearest folder above it', () => {
  assert.deepEqual(touchedTests(['src/a/vectors/deep/x.json'], files), ['src/a/b.test.ts']);
  assert.deepEqual(touchedTests(['README.md'], files), []);
});
