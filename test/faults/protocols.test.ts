import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols } from '../../src/protocols/index.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import type { ScriptedProtocol } from '../../src/protocols/protocol.suite.ts';
import { FakeClock } from '../../testing/clock.ts';
import { FailingStorage } from './failing-storage.ts';
import * as registry from './registry.ts';
import { protocolsScenario } from './protocols-scenario.ts';

const scriptedProtocols: ReadonlyMap<string, ScriptedProtocol> = new Map(Object.entries(registry));

test('every protocol of the server is in the scenario of faults', () => {
  assert.deepEqual([...scriptedProtocols.keys()].sort(), protocols.map(({ name }) => name).sort());
});

test('WORLD-08 CONN-01 every storage call fails once: each protocol answers each request once, and correctly', async (t) => {
  let refusals = 0;
  let n = 1;
  for (; n < 1_000; n++) {
    const inner = new MemoryStorage(new FakeClock());
    const failing = new FailingStorage(inner, n);
    refusals += await protocolsScenario(scriptedProtocols, failing, inner, `call ${n} fails`);
    if (!failing.fired) break;
  }
  t.diagnostic(`${n} calls, ${refusals} refusals`);
  assert.ok(n > 10 && n < 1_000, `${n} calls`);
  assert.ok(refusals > 5, `${refusals} refusals`);
});
