import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCluster } from './cluster.ts';
import { loadUnderFaults } from './under-faults.ts';

test('SERVER-340 SERVER-341 SERVER-342 SERVER-343 SERVER-344 two loaded nodes go through the death of a node, of PostgreSQL and of NATS, and a stop', {
  skip: noCluster,
}, async () => {
  const faults = [
    'a node is killed',
    'PostgreSQL crashes',
    'NATS is killed',
    'a node is stopped for a moment',
  ] as const;
  const report = await loadUnderFaults(faults, 1, () => {});
  assert.deepEqual(report.problems, []);
  assert.ok(report.acknowledged > 200, `${report.acknowledged} acknowledged`);
});
