import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { waitForIo } from '../../../testing/condition.ts';
import type { Blobs } from '../../storage/blobs.ts';
import { sweepHourly } from './sweep.ts';

const HOUR = 60 * 60 * 1_000;

test('SERVER-185 pictures are looked at when the server starts, then every hour, until it stops', async () => {
  const clock = new FakeClock();
  const swept: (readonly string[])[] = [];
  const logged: string[] = [];
  const write = (event: string) => logged.push(event);
  const sources = [new Set(['a']), null, new Set(['b'])];
  const named = async () => sources.shift() ?? Promise.reject(new Error('unavailable'));
  const blobs: Pick<Blobs, 'sweep'> = { sweep: async (names) => void swept.push(await names(['a', 'b', 'c'])) };
  const stop = sweepHourly(blobs, named, clock, { info: write, warn: write, error: write });
  await waitForIo();
  assert.deepEqual(swept, [['a']]);
  clock.advance(HOUR - 1);
  await waitForIo();
  assert.deepEqual([swept.length, logged], [1, []]);
  clock.advance(1);
  await waitForIo();
  assert.deepEqual([swept, logged], [[['a']], ['picture-sweep-failed']], 'without the accounts nothing is deleted');
  clock.advance(HOUR);
  await waitForIo();
  assert.deepEqual(swept, [['a'], ['b']]);
  stop();
  assert.equal(clock.timers, 0);
  clock.advance(HOUR);
  await waitForIo();
  assert.equal(swept.length, 2);
});

test('SERVER-185 a look that is stopped in the middle starts no other, and logs nothing', async () => {
  const clock = new FakeClock();
  const logged: string[] = [];
  const write = (event: string) => logged.push(event);
  const closed = Promise.withResolvers<ReadonlySet<string>>();
  const blobs: Pick<Blobs, 'sweep'> = { sweep: async (names) => void (await names(['a'])) };
  const stop = sweepHourly(blobs, () => closed.promise, clock, { info: write, warn: write, error: write });
  stop();
  closed.reject(new Error('the store is closed'));
  await waitForIo();
  assert.deepEqual([clock.timers, logged], [0, []]);
});
