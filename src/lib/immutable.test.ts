import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setWith, mapWithout, mapOf, mapWith, setWithout, setOf } from './immutable.ts';

test('a change makes a new set or map, and the first one stays the same', () => {
  const set = setOf([1, 2]);
  assert.deepEqual([...setWith(set, 3)], [1, 2, 3]);
  assert.deepEqual([...setWith(set, 1)], [1, 2]);
  assert.deepEqual([...setWithout(set, 1)], [2]);
  assert.deepEqual([...set], [1, 2]);
  const map = mapOf([
    ['a', 1],
    ['b', 2],
  ]);
  assert.deepEqual([...mapWith(map, 'c', 3).values()], [1, 2, 3]);
  assert.deepEqual([...mapWith(map, 'a', 3)].join(), 'a,3,b,2', 'a key keeps its place');
  assert.deepEqual([...mapWithout(map, 'a').keys()], ['b']);
  assert.deepEqual([...map].join(), 'a,1,b,2');
});

test('all empty collections are one, which stays empty', () => {
  assert.equal(setOf([]), setOf<string>([]));
  assert.equal(mapOf([]), mapOf<string, number>([]));
  assert.equal(setWith(setOf<number>([]), 1).size, 1);
  assert.equal(mapWith(mapOf<string, number>([]), 'a', 1).size, 1);
  assert.deepEqual([setOf([]).size, mapOf([]).size], [0, 0]);
});
