import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plausibleTimes, type TimeRange } from './plausible-times.ts';

const at = (time: number): TimeRange => ({ earliest: time, latest: time });
const AHEAD = 5_000;
const BEHIND = -5_000;

test('CONN-100 a time that does not fit counts as between its neighbours', () => {
  assert.deepEqual(plausibleTimes([]), []);
  assert.deepEqual(plausibleTimes([10, 10, 20]), [at(10), at(10), at(20)]);
  for (const wrong of [AHEAD, BEHIND]) {
    assert.deepEqual(plausibleTimes([10, 20, wrong, 30]), [at(10), at(20), { earliest: 20, latest: 30 }, at(30)]);
  }
  assert.deepEqual(plausibleTimes([AHEAD, 10, 20]), [{ earliest: -Infinity, latest: 10 }, at(10), at(20)]);
  assert.deepEqual(plausibleTimes([10, 20, BEHIND]), [at(10), at(20), { earliest: 20, latest: Infinity }]);
  assert.deepEqual(plausibleTimes([10, 20, AHEAD, AHEAD + 1, 30, 40, 50]).slice(2, 5), [
    { earliest: 20, latest: 30 },
    { earliest: 20, latest: 30 },
    at(30),
  ]);
});

test('CONN-100 as many times as possible are believed, and they never step back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }), (times) => {
      const ranges = plausibleTimes(times);
      const believed = times.filter(
        (time, index) => ranges[index]?.earliest === time && ranges[index]?.latest === time,
      );
      assert.deepEqual(
        believed,
        [...believed].sort((a, b) => a - b),
      );
      assert.ok(believed.length >= longest(times), `${believed.length} of ${times.join()}`);
      for (const [index, { earliest, latest }] of ranges.entries()) {
        assert.ok(earliest <= latest);
        assert.ok(earliest >= (ranges[index - 1]?.earliest ?? earliest));
        assert.ok(latest >= (ranges[index - 1]?.latest ?? latest));
      }
    }),
  );
});

test('CONN-100 one wrong time among many changes no other, wherever it is', () => {
  const right = Array.from({ length: 1_000 }, (_, index) => 1_000 + 2 * index);
  for (let index = 0; index < right.length; index += 37) {
    for (const wrong of [0, 1_000_000]) {
      const ranges = plausibleTimes(right.with(index, wrong));
      for (const [other, range] of ranges.entries())
        if (other !== index) assert.deepEqual(range, at(right[other] ?? 0));
    }
  }
});

/** The length of the longest series that never steps back, found by trying all. */
function longest(times: readonly number[]): number {
  let found = 0;
  for (let chosen = 0; chosen < 2 ** times.length; chosen++) {
    const series = times.filter((_, index) => (chosen >> index) % 2 === 1);
    if (series.every((time, index) => index === 0 || time >= (series[index - 1] ?? 0)))
      found = Math.max(found, series.length);
  }
  return found;
}
