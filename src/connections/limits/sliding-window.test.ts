import assert from 'node:assert/strict';
import test from 'node:test';
import { SlidingWindow } from './sliding-window.ts';

test('a quota holds for any stretch of its length, not only from a fixed beginning', () => {
  const quota = new SlidingWindow(2, 100, 10);
  const add = (now: number) => {
    const wait = quota.wait('a', now);
    if (wait === 0) quota.add('a', now);
    return wait;
  };
  assert.deepEqual([add(0), add(90), add(99), add(100), add(110), add(190)], [0, 0, 1, 0, 80, 0]);
});

test('a quota is for each key, remembers so many keys, and can be given back', () => {
  const quota = new SlidingWindow(1, 100, 2);
  for (const key of ['a', 'b', 'c']) quota.add(key, 0);
  assert.deepEqual([quota.wait('a', 0), quota.wait('b', 0), quota.wait('c', 0)], [0, 100, 100]);
  quota.takeBack('b');
  assert.equal(quota.wait('b', 0), 0);
  quota.takeBack('nobody');
});
