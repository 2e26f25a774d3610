import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../testing/clock.ts';
import { LoginThrottle } from './login-throttle.ts';

const SECOND = 1_000;
const QUARTER = 15 * 60 * SECOND;
const HERE = '192.0.2.1';
const THERE = '2001:db8:0:0::/64';

function opened(registrationsPerHour?: number) {
  const clock = new FakeClock();
  return { clock, attempts: new LoginThrottle(clock, registrationsPerHour) };
}

/** Tries until it has to wait; how many tries that were, and for how long. */
function guess(attempts: LoginThrottle, address: string, nameOf: (index: number) => string, at = 0): [number, number] {
  const wait = attempts.begin(address, nameOf(at));
  return wait > 0 ? [at, wait] : guess(attempts, address, nameOf, at + 1);
}

test('CONN-31 after five tries each one waits twice as long, up to 15 minutes', () => {
  const { clock, attempts } = opened();
  assert.deepEqual(
    guess(attempts, HERE, () => 'alice'),
    [5, SECOND],
  );
  const waits: number[] = [];
  while (waits.length < 13) {
    const wait = attempts.begin(HERE, 'alice');
    if (wait === 0) continue;
    waits.push(wait / SECOND);
    clock.advance(wait - 1);
    assert.equal(attempts.begin(HERE, 'alice'), 1);
    clock.advance(1);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test('CONN-31 a name is forgotten 15 minutes after the next try could have begun, not before', () => {
  const { clock, attempts } = opened();
  guess(attempts, HERE, () => 'alice');
  clock.advance(QUARTER + SECOND - 1);
  assert.deepEqual([attempts.begin(HERE, 'alice'), attempts.begin(HERE, 'alice')], [0, 2 * SECOND]);
  clock.advance(QUARTER + 2 * SECOND);
  assert.deepEqual(
    guess(attempts, HERE, () => 'alice'),
    [5, SECOND],
  );
});

test('CONN-31 success lets a name start anew; what was not decided counts for nothing', () => {
  const { attempts } = opened();
  for (let round = 0; round < 100; round++) {
    assert.equal(attempts.begin(HERE, 'alice'), 0);
    attempts.undecided(HERE, 'alice');
  }
  for (let round = 0; round < 10; round++) {
    for (let wrong = 0; wrong < 2; wrong++) assert.equal(attempts.begin(HERE, `alice${round}`), 0);
    assert.equal(attempts.begin(HERE, 'alice'), 0);
    attempts.succeeded(HERE, 'alice');
  }
  assert.deepEqual(
    guess(attempts, HERE, () => 'alice'),
    [5, SECOND],
  );
});

test('CONN-30 T18 tries that are begun at once are no more than those that come one after the other', () => {
  const { attempts } = opened();
  const begun = Array.from({ length: 100 }, () => attempts.begin(HERE, 'alice')).filter((wait) => wait === 0);
  assert.equal(begun.length, 5);
  attempts.succeeded(HERE, 'alice');
  assert.equal(attempts.begin(HERE, 'alice'), 0);
});

test('CONN-32 T18 an address has 30 failures in any 15 minutes, whatever the names', () => {
  const { clock, attempts } = opened();
  assert.deepEqual(
    guess(attempts, HERE, (index) => `name${index}`),
    [30, QUARTER],
  );
  clock.advance(QUARTER - 1);
  assert.equal(attempts.begin(HERE, 'another'), 1);
  clock.advance(1);
  assert.deepEqual(
    guess(attempts, HERE, (index) => `name${index}`),
    [30, QUARTER],
  );
});

test('CONN-32 success takes back its own try alone, so an own account does not pay for guesses', () => {
  const { attempts } = opened();
  let guesses = 0;
  while (attempts.begin(HERE, `name${guesses}`) === 0) {
    guesses++;
    if (attempts.begin(HERE, 'mallory') === 0) attempts.succeeded(HERE, 'mallory');
  }
  assert.equal(guesses, 30);
});

test('CONN-33 T18 of 10,000 tries few are let through, and the owner still logs in from elsewhere', () => {
  const { attempts } = opened();
  const begun = Array.from({ length: 10_000 }, () => attempts.begin(HERE, 'alice')).filter((wait) => wait === 0);
  assert.equal(begun.length, 5);
  assert.equal(attempts.begin(THERE, 'alice'), 0);
});

test('CONN-34 T35 an address may ask for five accounts in any hour; one that could not be made is given back', () => {
  const { clock, attempts } = opened();
  const ask = () => attempts.mayRegister(HERE);
  assert.deepEqual([ask(), ask(), ask(), ask(), ask(), ask()], [0, 0, 0, 0, 0, 4 * QUARTER]);
  attempts.notRegistered(HERE);
  assert.deepEqual([ask(), ask(), attempts.mayRegister(THERE)], [0, 4 * QUARTER, 0]);
  clock.advance(4 * QUARTER);
  assert.equal(ask(), 0);
});

test('CONN-34 how many accounts that are is configurable', () => {
  const { attempts } = opened(1);
  assert.deepEqual([attempts.mayRegister(HERE), attempts.mayRegister(HERE)], [0, 4 * QUARTER]);
});

test('CONN-35 10,000 names and addresses are remembered, then those used longest ago are forgotten', () => {
  const { attempts } = opened();
  const flood = (count: number) => {
    for (let index = 0; index < count; index++) attempts.begin(`address${index}`, `name${index}`);
  };
  const worn = () => [attempts.begin(HERE, 'alice'), attempts.mayRegister(HERE)];
  guess(attempts, HERE, () => 'alice');
  while (attempts.mayRegister(HERE) === 0);
  flood(9_999);
  assert.deepEqual(worn(), [SECOND, 4 * QUARTER]);
  flood(10_000);
  assert.deepEqual(worn(), [0, 4 * QUARTER]);
});

test('CONN-35 a try that has to wait counts for nothing', () => {
  const { clock, attempts } = opened();
  guess(attempts, HERE, () => 'alice');
  for (let index = 0; index < 1_000; index++) attempts.begin(HERE, 'alice');
  clock.advance(SECOND);
  assert.equal(attempts.begin(HERE, 'alice'), 0);
});

/** After how many failures of a pair the next begins how long after the last one (CONN-31). */
const delay = (count: number) => (count < 5 ? 0 : Math.min(2 ** (count - 5), 900) * SECOND);

test('CONN-31 CONN-32 CONN-33 whatever is tried in whatever order keeps to the limits, and waits are exact', () => {
  const step = fc.record({
    address: fc.constantFrom(HERE, THERE),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    ms: fc.oneof(fc.nat(5 * SECOND), fc.nat(2 * QUARTER)),
    right: fc.nat(9).map((dice) => dice === 0),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 200 }), (steps) => {
      const { clock, attempts } = opened();
      const failures = new Map<string, number[]>([HERE, THERE].map((address) => [address, []]));
      const pairs = new Map<string, { count: number; last: number }>();
      for (const { address, name, ms, right } of steps) {
        clock.advance(ms);
        const now = clock.monotonic();
        const recent = (failures.get(address) ?? []).filter((at) => now - at < QUARTER);
        const kept = pairs.get(`${address} ${name}`) ?? { count: 0, last: now };
        const count = now - kept.last < delay(kept.count) + QUARTER ? kept.count : 0;
        const [oldest = now] = recent;
        const expected = Math.max(0, kept.last + delay(count) - now, recent.length < 30 ? 0 : oldest + QUARTER - now);
        assert.equal(attempts.begin(address, name), expected);
        if (expected > 0) continue;
        if (right) attempts.succeeded(address, name);
        pairs.set(`${address} ${name}`, { count: right ? 0 : count + 1, last: now });
        failures.set(address, right ? recent : [...recent, now]);
      }
    }),
    { numRuns: 100 },
  );
});

test('CONN-61 T35 a person makes at most 20 groups an hour', () => {
  const clock = new FakeClock();
  const attempts = new LoginThrottle(clock);
  const waits = Array.from({ length: 21 }, () => attempts.mayMakeGroup(7));
  assert.deepEqual(
    waits.map((wait) => wait === 0),
    [...Array<boolean>(20).fill(true), false],
  );
  assert.equal(attempts.mayMakeGroup(8), 0, 'nobody else waits');
  clock.advance(60 * 60_000);
  assert.equal(attempts.mayMakeGroup(7), 0);
});
