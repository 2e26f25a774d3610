import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { completesWithin } from './completes-within.ts';

test('SERVER-52 work that ends in time is complete, and leaves no timer', async () => {
  const clock = new FakeClock();
  assert.equal(await completesWithin(9_000, clock, Promise.resolve()), true);
  assert.equal(clock.timers, 0);
  await assert.rejects(completesWithin(9_000, clock, Promise.reject(new Error('failed'))), /failed/);
  assert.equal(clock.timers, 0);
});

test('SERVER-52 work that does not end in time is incomplete', async () => {
  const clock = new FakeClock();
  const complete = completesWithin(9_000, clock, new Promise(() => {}));
  clock.advance(9_000);
  assert.equal(await complete, false);
});
