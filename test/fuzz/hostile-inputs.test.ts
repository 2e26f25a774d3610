import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { attackLivePort } from './attack.ts';
import { hostileInputs } from './hostile-inputs.ts';

test('every protocol has hostile inputs', () => {
  assert.deepEqual(Object.keys(hostileInputs).sort(), [...protocols.map(({ name }) => name), 'zeromq'].sort());
});

test('T1 T2 hostile inputs to a live port leave heap and descriptors unchanged, and others are served', async (t) => {
  const report = await attackLivePort(3_000);
  t.diagnostic(`${report.sent} inputs: a healthy client's p99 is ${report.healthyP99Ms.toFixed(1)} ms`);
  assert.equal(report.descriptorsAfter, report.descriptorsBefore);
  assert.ok(report.heapGrowthBytes < 2 * 2 ** 20, `the heap grew by ${report.heapGrowthBytes} bytes`);
  assert.ok(report.sent > 100, `${report.sent} inputs`);
  assert.ok(report.healthyMessages > 50, `${report.healthyMessages} messages`);
});
