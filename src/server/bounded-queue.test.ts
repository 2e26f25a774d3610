import assert from 'node:assert/strict';
import test from 'node:test';
import { waitForIo } from '../../testing/condition.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** Work that the test ends. */
function works(queue: BoundedQueue) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const results: (number | null | 'failed')[] = [];
  const add = (index: number, fails = false) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    ends[index] = () => (fails ? reject(new Error('failed')) : resolve(index));
    const work = () => {
      begun.push(index);
      return promise;
    };
    void queue.run(work).then(
      (result) => results.push(result),
      () => results.push('failed'),
    );
  };
  const end = async (index: number) => {
    ends[index]?.();
    await waitForIo();
  };
  return { begun, results, add, end };
}

test('SERVER-73 some work runs at once, some waits in order, the rest is refused at once', async () => {
  const { begun, results, add, end } = works(new BoundedQueue(2, 3));
  for (let index = 0; index < 6; index++) add(index);
  await waitForIo();
  assert.deepEqual([begun, results], [[0, 1], [null]]);
  await end(1);
  assert.deepEqual(begun, [0, 1, 2]);
  add(6);
  add(7);
  for (const index of [0, 2, 3, 4, 6]) await end(index);
  assert.deepEqual(
    [begun, results],
    [
      [0, 1, 2, 3, 4, 6],
      [null, 1, null, 0, 2, 3, 4, 6],
    ],
  );
  add(8);
  add(9);
  assert.deepEqual(begun.slice(-2), [8, 9]);
});

test('SERVER-73 failed work makes room like any other', async () => {
  const { begun, results, add, end } = works(new BoundedQueue(1, 1));
  add(0, true);
  add(1);
  await end(0);
  await end(1);
  assert.deepEqual(
    [begun, results],
    [
      [0, 1],
      ['failed', 1],
    ],
  );
});
