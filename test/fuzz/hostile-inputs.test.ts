import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { bombLivePort } from './attack.ts';
import { bombs } from './hostile-inputs.ts';

test('every protocol there is has bombs', () => {
  assert.deepEqual(Object.keys(bombs).sort(), [...protocols.map(({ name }) => name), 'zeromq'].sort());
});

test('T1 T2 bombs on a live port leave heap and descriptors as they were, and others are served', async (t) => {
  const report = await bombLivePort(3_000);
  t.diagnostic(`${report.thrown} bombs: a healthy client's p99 is ${report.healthyP99Ms.toFixed(1)} ms`);
  assert.equal(report.descriptorsAfter, report.descriptorsBefore);
  assert.ok(report.heapGrowthBytes < 2 * 2 ** 20, `the heap grew by ${report.heapGrowthBytes} bytes`);
  assert.ok(report.thrown > 100, `${report.thrown} bombs`);
  assert.ok(report.healthyMessages > 50, `${report.healthyMessages} messages`);
});
