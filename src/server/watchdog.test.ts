import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { silentLog } from '../../testing/world.ts';
import type { LogFields } from '../core/ports.ts';
import { systemClock } from './clock.ts';
import { watch, watchEventLoop } from './watchdog.ts';

test('SERVER-46 T38 a block of the event loop for more than 200 ms is logged, at most once a second, with its length', () => {
  const clock = new FakeClock();
  const lines: (LogFields | undefined)[] = [];
  const delays = {
    max: 0,
    reset() {
      this.max = 0;
    },
  };
  const stop = watch(delays, clock, { ...silentLog, warn: (_event, fields) => lines.push(fields) });
  const spend = (ms: number) => {
    delays.max = (ms + 20) * 1e6;
    clock.advance(1_000);
  };
  spend(200);
  spend(201);
  spend(1_500);
  clock.advance(5_000);
  assert.deepEqual(lines, [{ blockedMs: 201 }, { blockedMs: 1_500 }]);
  stop();
  assert.equal(clock.timers, 0);
});

test('SERVER-46 T38 a real block of the event loop is noticed', async (t) => {
  const warned = Promise.withResolvers<LogFields | undefined>();
  t.after(watchEventLoop(systemClock, { ...silentLog, warn: (_event, fields) => warned.resolve(fields) }));
  const busy = setInterval(() => {
    const end = performance.now() + 300;
    while (performance.now() < end);
  });
  t.after(() => clearInterval(busy));
  const fields = await warned.promise;
  assert.ok(Number(fields?.blockedMs) > 200);
});
