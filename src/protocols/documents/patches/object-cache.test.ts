import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachedByObject } from './object-cache.ts';

test('the value of an object is made once, also if it is undefined', () => {
  const asked: object[] = [];
  const nameOf = cachedByObject((object: { readonly name?: string }) => {
    asked.push(object);
    return object.name;
  });
  const [first, second] = [{ name: 'a' }, {}];
  assert.deepEqual([first, second, first, second].map(nameOf), ['a', undefined, 'a', undefined]);
  assert.deepEqual(asked, [first, second]);
});
