import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { generousRates } from '../../../testing/hub.ts';
import { err } from '../../lib/result.ts';
import { RateGuard } from './rate-guard.ts';
import { LoginThrottle } from './login-throttle.ts';
import { RateLimits } from './rate-limits.ts';

test('CONN-35 T18 names that nobody can have are one name, whatever they are', () => {
  const clock = new FakeClock();
  const allowance = new RateGuard(new RateLimits(generousRates, clock), new LoginThrottle(clock), '192.0.2.1');
  for (const name of ['', 'a b', 'x'.repeat(1_000), 'lobby', 'a;b']) {
    const attempt = allowance.tryLogin(name);
    assert.ok(attempt.ok, name);
    attempt.value(err({ type: 'wrong-credentials' }));
  }
  assert.deepEqual(allowance.tryLogin('a/b'), err({ type: 'too-fast', retryAfterMs: 1_000 }));
  assert.ok(allowance.tryLogin('alice').ok);
});
