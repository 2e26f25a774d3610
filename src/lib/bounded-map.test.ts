import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from './bounded-map.ts';

test('over the limit the key that was set longest ago is removed', () => {
  const map = new BoundedMap<number>(2);
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    map.set(key, value);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [3, undefined, 4]);
});

test('setting a key returns the value that it had', () => {
  const map = new BoundedMap<number>(2);
  assert.deepEqual([map.set('a', 1), map.set('a', 1), map.set('a', 2)], [undefined, 1, 1]);
});

test('a deleted key makes room', () => {
  const map = new BoundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.delete('b');
  map.set('c', 3);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [1, undefined, 3]);
});

test('values may have weights: those that were set longest ago leave until the others fit', () => {
  const map = new BoundedMap<string>(10, ({ length }) => length);
  map.set('a', 'xxxx');
  map.set('b', 'xxxx');
  map.set('a', 'x');
  map.set('c', 'xxxxx');
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], ['x', 'xxxx', 'xxxxx']);
  map.set('d', 'xxxxx');
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c'), map.get('d')], [undefined, undefined, 'xxxxx', 'xxxxx']);
  map.set('e', 'xxxxxxxxxxx');
  assert.deepEqual([map.get('c'), map.get('d'), map.get('e')], [undefined, undefined, undefined]);
});
