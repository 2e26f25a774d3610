import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { generousRates } from '../../testing/hub.ts';
import { err } from '../lib/result.ts';
import { Allowance } from './allowance.ts';
import { Attempts } from './attempts.ts';
import { Limits } from './limits.ts';

test('CONN-35 T18 names that nobody can have are one name, whatever they are', () => {
  const clock = new FakeClock();
  const allowance = new Allowance(new Limits(generousRates, clock), new Attempts(clock), '192.0.2.1');
  for (const name of ['', 'a b', 'x'.repeat(1_000), 'lobby', 'a;b']) {
    const attempt = allowance.attempt(name);
    assert.ok(attempt.ok, name);
    attempt.value(err({ type: 'wrong-credentials' }));
  }
  assert.deepEqual(allowance.attempt('a/b'), err({ type: 'too-fast', retryAfterMs: 1_000 }));
  assert.ok(allowance.attempt('alice').ok);
});
