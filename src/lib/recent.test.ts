import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recent } from './recent.ts';

test('a value is news unless the key had it', () => {
  const recent = new Recent(2);
  assert.deepEqual([recent.isNews('a', '1'), recent.isNews('a', '1'), recent.isNews('a', '2')], [true, false, true]);
});

test('over the limit the key seen longest ago is forgotten', () => {
  const recent = new Recent(2);
  for (const key of ['a', 'b', 'a', 'c']) recent.isNews(key, '1');
  assert.deepEqual([recent.isNews('a', '1'), recent.isNews('c', '1'), recent.isNews('b', '1')], [false, false, true]);
});
