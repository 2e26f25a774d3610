import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../testing/random.ts';
import { mean, median, welchT } from './statistics.ts';

test('median and mean', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])], [2, 2.5, 7]);
  assert.equal(mean([1, 2, 6]), 3);
});

test("Welch's t of two samples of different size and spread, computed by hand", () => {
  // Means 3 and 6, variances 2.5 and 4, so (3 - 6) / sqrt(2.5 / 5 + 4 / 3).
  assert.ok(Math.abs(welchT([1, 2, 3, 4, 5], [4, 6, 8]) - -2.215_646_837_627_989) < 1e-12);
});

test('samples of the same distribution count as the same, a shifted one does not', () => {
  const random = seededRandom(1);
  const sample = (shift: number) => Array.from({ length: 1_000 }, () => 40 + shift + random.below(1_000) / 100);
  assert.ok(Math.abs(welchT(sample(0), sample(0))) < 4.5);
  assert.ok(Math.abs(welchT(sample(0), sample(1))) > 4.5);
});
