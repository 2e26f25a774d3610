import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from './backoff.ts';

test('the wait is a random part of `first`, doubled at each failure up to `last`, until a reset', () => {
  const parts = [1, 1, 1, 1, 0, 0.5, 0.5];
  const backoff = new Backoff(250, 1_500, () => parts.shift() ?? 0);
  const waits = Array.from({ length: 6 }, () => backoff.next());
  assert.deepEqual(waits, [250, 500, 1_000, 1_500, 0, 750]);
  backoff.reset();
  assert.equal(backoff.next(), 125);
});

test('the wait stays `last` however often it fails', () => {
  const backoff = new Backoff(250, 30_000, () => 1);
  const waits = Array.from({ length: 2_000 }, () => backoff.next());
  assert.deepEqual(new Set(waits.slice(7)), new Set([30_000]));
});
