import assert from 'node:assert/strict';
import test from 'node:test';
import { SlidingWindow } from './sliding-window.ts';

test('a window holds for any period of its length, not only from a fixed start', () => {
  const window = new SlidingWindow(2, 100, 10);
  const add = (now: number) => {
    const wait = window.wait('a', now);
    if (wait === 0) window.add('a', now);
    return wait;
  };
  assert.deepEqual([add(0), add(90), add(99), add(100), add(110), add(190)], [0, 0, 1, 0, 80, 0]);
});

test('a window counts per key, remembers a limited number of keys, and can take back', () => {
  const window = new SlidingWindow(1, 100, 2);
  for (const key of ['a', 'b', 'c']) window.add(key, 0);
  assert.deepEqual([window.wait('a', 0), window.wait('b', 0), window.wait('c', 0)], [0, 100, 100]);
  window.takeBack('b');
  assert.equal(window.wait('b', 0), 0);
  window.takeBack('nobody');
});
