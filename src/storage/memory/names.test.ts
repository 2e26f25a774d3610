import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { namesSuite } from '../names.suite.ts';
import { MemoryNames } from './names.ts';

namesSuite('names in memory', async () => {
  const clock = new FakeClock();
  return { names: new MemoryNames(clock), pass: async (ms) => clock.advance(ms), close: async () => {} };
});

test('STORE-28 the lease of a process that is alone never runs out', async () => {
  const names = new MemoryNames();
  assert.equal(names.leaseMs, Infinity);
  await names.renew('a');
  assert.equal((await names.claim('ada', 1, 'a')).won, true);
  assert.deepEqual(await names.renew('a'), { unbroken: true, nodes: ['a'] });
});
