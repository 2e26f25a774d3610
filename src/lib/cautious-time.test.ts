import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { cautiousTime } from './cautious-time.ts';

test('a cautious time goes on with the clock, goes back with it, and does not jump ahead with it', () => {
  const clock = new FakeClock();
  const start = clock.now();
  const time = cautiousTime(clock);
  const read = () => time() - start;
  assert.equal(read(), 0);
  clock.advance(1_000);
  assert.equal(read(), 1_000);
  clock.jump(3_600_000);
  clock.advance(1_000);
  assert.equal(read(), 2_000, 'the clock is an hour ahead');
  clock.jump(-7_200_000);
  assert.equal(read(), 2_000 - 3_600_000, 'the clock is an hour behind');
  clock.jump(3_600_000);
  assert.equal(read(), 2_000, 'the clock is right again');
});

test('a cautious time is in whole milliseconds, although the time that has passed is not', () => {
  const [now, monotonic] = [
    [2_000, 3_000],
    [0.25, 1.5],
  ];
  const clock = { now: () => now.shift() ?? 3_000, monotonic: () => monotonic.shift() ?? 0 };
  const time = cautiousTime(clock);
  assert.equal(time(), 2_001);
});
