import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killUnderLoad } from './kill.ts';

test('STORE-33 WORLD-03 three kills under load lose nothing that was acknowledged or shown', async () => {
  const report = await killUnderLoad(3, 1, () => {});
  assert.deepEqual(report.problems, []);
  assert.ok(report.acknowledged > 50, `${report.acknowledged} acknowledged`);
});
