import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure } from './rounds.ts';

test('a delivery costs at most 2.5 times the floor and at most a tenth of the plain loop', async (t) => {
  const results = await measure({ members: 1_000, milliseconds: 700, rounds: 3 }, () => {});
  const [own, floor, loop] = ['parlance', 'floor', 'loop'].map((name) => results.get(name)?.busy.median ?? Number.NaN);
  t.diagnostic(`microseconds of CPU a delivery: parlance ${own}, floor ${floor}, loop ${loop}`);
  assert.ok(own !== undefined && floor !== undefined && loop !== undefined);
  assert.ok(own <= 2.5 * floor, `${own} is more than 2.5 times ${floor}`);
  assert.ok(own * 10 <= loop, `${own} is more than a tenth of ${loop}`);
});
