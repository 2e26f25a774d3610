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

test('CONN-171 a window with more than it allows waits until it has room, and keeps no more than twice as many', () => {
  const window = new SlidingWindow(2, 100, 10);
  for (const now of [0, 10, 20, 30]) window.add('a', now);
  assert.deepEqual([window.wait('a', 30), window.wait('a', 119), window.wait('a', 120)], [90, 1, 0]);
  for (let now = 40; now < 60; now++) window.add('a', now);
  for (const left of [3, 2, 1, 0]) {
    assert.equal(window.wait('a', 60) > 0, left >= 1, `${left + 1} are left`);
    window.takeBack('a');
  }
});
