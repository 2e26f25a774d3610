import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { fuzzLivePort } from './fuzzer.ts';
import { FUZZED } from './mutate.ts';

test('every protocol has seeds for the fuzzer', () => {
  assert.deepEqual(protocols.map(({ name }) => name).sort(), [...FUZZED].sort());
});

test('T2 T4 T7 damaged frames to a live port leave heap and descriptors unchanged, and others are served', async () => {
  const report = await fuzzLivePort(10_000, 1, () => {});
  assert.equal(report.descriptorsAfter, report.descriptorsBefore);
  assert.ok(report.heapGrowthBytes < 2 * 2 ** 20, `the heap grew by ${report.heapGrowthBytes} bytes`);
  assert.ok(report.healthyMessages > 20, `${report.healthyMessages} messages`);
});
