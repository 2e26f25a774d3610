import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureDeliveries } from './deliveries.ts';

/** Other work on the machine may slow down one server; a real regression is slow every time. */
const TRIES = 2;

test('a delivery costs at most 2.5 times that of the minimal server, and at most a tenth of the naive one', async (t) => {
  const found: string[] = [];
  for (let tries = 0; tries < TRIES; tries++) {
    const results = await measureDeliveries({ members: 1_000, milliseconds: 700, rounds: 3 }, () => {});
    const [own, minimal, naive] = ['parlance', 'minimal', 'naive'].map(
      (name) => results.get(name)?.busy.median ?? Number.NaN,
    );
    assert.ok(own !== undefined && minimal !== undefined && naive !== undefined);
    found.push(`parlance ${own.toFixed(3)}, minimal ${minimal.toFixed(3)}, naive ${naive.toFixed(3)}`);
    t.diagnostic(`microseconds of CPU a delivery: ${found.at(-1)}`);
    if (own <= 2.5 * minimal && own * 10 <= naive) return;
  }
  assert.fail(`microseconds of CPU a delivery: ${found.join('; ')}`);
});
