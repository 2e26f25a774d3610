import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { generousRates } from '../../../testing/hub.ts';
import { err } from '../../lib/result.ts';
import { LoginThrottle } from './login-throttle.ts';
import { RateGuard } from './rate-guard.ts';
import { RateLimits } from './rate-limits.ts';

test('CONN-35 T18 all invalid names count as one name', () => {
  const clock = new FakeClock();
  const limits = new RateLimits(generousRates, clock, () => 1);
  const guard = new RateGuard(limits, new LoginThrottle(clock, 5, () => {}), '192.0.2.1');
  for (const name of ['', 'a b', 'x'.repeat(1_000), 'lobby', 'a;b']) {
    const attempt = guard.tryLogin(name);
    assert.ok(attempt.ok, name);
    attempt.value(err({ type: 'wrong-credentials' }));
  }
  assert.deepEqual(guard.tryLogin('a/b'), err({ type: 'too-fast', retryAfterMs: 1_000 }));
  assert.ok(guard.tryLogin('alice').ok);
});
