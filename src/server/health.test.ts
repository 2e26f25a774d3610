import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import type { AppendResult } from '../core/ports.ts';
import { Health } from './health.ts';

function asking() {
  const clock = new FakeClock();
  const writes: PromiseWithResolvers<readonly AppendResult[]>[] = [];
  const append = () => {
    const write = Promise.withResolvers<readonly AppendResult[]>();
    writes.push(write);
    return write.promise;
  };
  const health = new Health({ append }, clock);
  return { clock, writes, health };
}

test('SERVER-41 the store accepts writes when a write succeeds, and not when it is refused', async () => {
  for (const type of ['committed', 'unavailable'] as const) {
    const { health, writes } = asking();
    const answer = health.problem();
    writes[0]?.resolve([{ type, reason: 'disk full' }]);
    assert.equal(await answer, type === 'committed' ? null : 'disk full');
  }
});

test('SERVER-41 a write that takes 2 s counts as failed', async () => {
  const { health, clock } = asking();
  let problem: string | null = 'none yet';
  void health.problem().then((answer) => (problem = answer));
  clock.advance(1_999);
  await new Promise(setImmediate);
  assert.equal(problem, 'none yet');
  clock.advance(1);
  await new Promise(setImmediate);
  assert.equal(problem, 'the store does not answer');
});

test('SERVER-41 frequent requests cause one write in 5 s', async () => {
  const { health, clock, writes } = asking();
  const first = health.problem();
  writes[0]?.resolve([{ type: 'committed' }]);
  assert.equal(await first, null);
  clock.advance(4_999);
  assert.equal(await health.problem(), null);
  assert.equal(writes.length, 1);
  clock.advance(1);
  const second = health.problem();
  assert.equal(writes.length, 2);
  writes[1]?.resolve([{ type: 'unavailable', reason: 'disk full' }]);
  assert.equal(await second, 'disk full');
});
