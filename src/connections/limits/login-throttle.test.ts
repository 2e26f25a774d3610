import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../testing/clock.ts';
import type { Attempt } from '../../core/model/bus-message.ts';
import { LoginThrottle } from './login-throttle.ts';

const SECOND = 1_000;
const QUARTER = 15 * 60 * SECOND;
const HERE = '192.0.2.1';
const THERE = '2001:db8:0:0::/64';

function open(registrationsPerHour = 5) {
  const clock = new FakeClock();
  const told: Attempt[] = [];
  const throttle = new LoginThrottle(clock, registrationsPerHour, (attempt) => told.push(attempt));
  return { clock, told, throttle };
}

/** Attempts until it must wait. Returns the number of attempts and the milliseconds to wait. */
function guess(throttle: LoginThrottle, address: string, nameOf: (index: number) => string, at = 0): [number, number] {
  const wait = throttle.begin(address, nameOf(at));
  return wait > 0 ? [at, wait] : guess(throttle, address, nameOf, at + 1);
}

test('CONN-31 after five failed attempts each next one waits twice as long, up to 15 minutes', () => {
  const { clock, throttle } = open();
  assert.deepEqual(
    guess(throttle, HERE, () => 'alice'),
    [5, SECOND],
  );
  const waits: number[] = [];
  while (waits.length < 13) {
    const wait = throttle.begin(HERE, 'alice');
    if (wait === 0) continue;
    waits.push(wait / SECOND);
    clock.advance(wait - 1);
    assert.equal(throttle.begin(HERE, 'alice'), 1);
    clock.advance(1);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test('CONN-31 failures are forgotten 15 minutes after the next attempt was allowed, not before', () => {
  const { clock, throttle } = open();
  guess(throttle, HERE, () => 'alice');
  clock.advance(QUARTER + SECOND - 1);
  assert.deepEqual([throttle.begin(HERE, 'alice'), throttle.begin(HERE, 'alice')], [0, 2 * SECOND]);
  clock.advance(QUARTER + 2 * SECOND);
  assert.deepEqual(
    guess(throttle, HERE, () => 'alice'),
    [5, SECOND],
  );
});

test('CONN-31 a success resets a name; an undecided attempt does not count', () => {
  const { throttle } = open();
  for (let round = 0; round < 100; round++) {
    assert.equal(throttle.begin(HERE, 'alice'), 0);
    throttle.undecided(HERE, 'alice');
  }
  for (let round = 0; round < 10; round++) {
    for (let wrong = 0; wrong < 2; wrong++) assert.equal(throttle.begin(HERE, `alice${round}`), 0);
    assert.equal(throttle.begin(HERE, 'alice'), 0);
    throttle.succeeded(HERE, 'alice');
  }
  assert.deepEqual(
    guess(throttle, HERE, () => 'alice'),
    [5, SECOND],
  );
});

test('CONN-30 T18 attempts at the same time are limited like attempts in a row', () => {
  const { throttle } = open();
  const begun = Array.from({ length: 100 }, () => throttle.begin(HERE, 'alice')).filter((wait) => wait === 0);
  assert.equal(begun.length, 5);
  throttle.succeeded(HERE, 'alice');
  assert.equal(throttle.begin(HERE, 'alice'), 0);
});

test('CONN-32 T18 an address has 30 failed attempts in any 15 minutes, over all names', () => {
  const { clock, throttle } = open();
  assert.deepEqual(
    guess(throttle, HERE, (index) => `name${index}`),
    [30, QUARTER],
  );
  clock.advance(QUARTER - 1);
  assert.equal(throttle.begin(HERE, 'another'), 1);
  clock.advance(1);
  assert.deepEqual(
    guess(throttle, HERE, (index) => `name${index}`),
    [30, QUARTER],
  );
});

test('CONN-32 a success takes back only its own attempt, so that an own account does not hide guesses', () => {
  const { throttle } = open();
  let guesses = 0;
  while (throttle.begin(HERE, `name${guesses}`) === 0) {
    guesses++;
    if (throttle.begin(HERE, 'mallory') === 0) throttle.succeeded(HERE, 'mallory');
  }
  assert.equal(guesses, 30);
});

test('CONN-33 T18 of 10,000 attempts five are allowed, and the owner still logs in from elsewhere', () => {
  const { throttle } = open();
  const begun = Array.from({ length: 10_000 }, () => throttle.begin(HERE, 'alice')).filter((wait) => wait === 0);
  assert.equal(begun.length, 5);
  assert.equal(throttle.begin(THERE, 'alice'), 0);
});

test('CONN-34 T35 an address may register five accounts in any hour; one that failed is given back', () => {
  const { clock, throttle } = open();
  const ask = () => throttle.mayRegister(HERE);
  assert.deepEqual([ask(), ask(), ask(), ask(), ask(), ask()], [0, 0, 0, 0, 0, 4 * QUARTER]);
  throttle.notRegistered(HERE);
  assert.deepEqual([ask(), ask(), throttle.mayRegister(THERE)], [0, 4 * QUARTER, 0]);
  clock.advance(4 * QUARTER);
  assert.equal(ask(), 0);
});

test('CONN-34 the number of accounts is configurable', () => {
  const { throttle } = open(1);
  assert.deepEqual([throttle.mayRegister(HERE), throttle.mayRegister(HERE)], [0, 4 * QUARTER]);
});

test('CONN-35 10,000 names and addresses are remembered; those used longest ago are forgotten first', () => {
  const { throttle } = open();
  const flood = (count: number) => {
    for (let index = 0; index < count; index++) throttle.begin(`address${index}`, `name${index}`);
  };
  const waits = () => [throttle.begin(HERE, 'alice'), throttle.mayRegister(HERE)];
  guess(throttle, HERE, () => 'alice');
  while (throttle.mayRegister(HERE) === 0);
  flood(9_999);
  assert.deepEqual(waits(), [SECOND, 4 * QUARTER]);
  flood(10_000);
  assert.deepEqual(waits(), [0, 4 * QUARTER]);
});

test('CONN-35 an attempt that must wait does not count', () => {
  const { clock, throttle } = open();
  guess(throttle, HERE, () => 'alice');
  for (let index = 0; index < 1_000; index++) throttle.begin(HERE, 'alice');
  clock.advance(SECOND);
  assert.equal(throttle.begin(HERE, 'alice'), 0);
});

/** The milliseconds to wait after `count` failed attempts (CONN-31). */
const delay = (count: number) => (count < 5 ? 0 : Math.min(2 ** (count - 5), 900) * SECOND);

test('CONN-31 CONN-32 CONN-33 attempts in any order stay within the limits, and waits are exact', () => {
  const step = fc.record({
    address: fc.constantFrom(HERE, THERE),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    ms: fc.oneof(fc.nat(5 * SECOND), fc.nat(2 * QUARTER)),
    right: fc.nat(9).map((dice) => dice === 0),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 200 }), (steps) => {
      const { clock, throttle } = open();
      const failures = new Map<string, number[]>([HERE, THERE].map((address) => [address, []]));
      const pairs = new Map<string, { count: number; last: number }>();
      for (const { address, name, ms, right } of steps) {
        clock.advance(ms);
        clock.jump((right ? 1 : -1) * ms * 1_000); // a wrong clock changes nothing
        const now = clock.monotonic();
        const recent = (failures.get(address) ?? []).filter((at) => now - at < QUARTER);
        const kept = pairs.get(`${address} ${name}`) ?? { count: 0, last: now };
        const count = now - kept.last < delay(kept.count) + QUARTER ? kept.count : 0;
        const [oldest = now] = recent;
        const expected = Math.max(0, kept.last + delay(count) - now, recent.length < 30 ? 0 : oldest + QUARTER - now);
        assert.equal(throttle.begin(address, name), expected);
        if (expected > 0) continue;
        if (right) throttle.succeeded(address, name);
        pairs.set(`${address} ${name}`, { count: right ? 0 : count + 1, last: now });
        failures.set(address, right ? recent : [...recent, now]);
      }
    }),
    { numRuns: 100 },
  );
});

test('CONN-61 T35 a person creates at most 20 groups an hour', () => {
  const { clock, throttle } = open();
  const waits = Array.from({ length: 21 }, () => throttle.mayMakeGroup(7));
  assert.deepEqual(
    waits.map((wait) => wait === 0),
    [...Array<boolean>(20).fill(true), false],
  );
  assert.equal(throttle.mayMakeGroup(8), 0, 'other people do not wait');
  clock.advance(60 * 60_000);
  assert.equal(throttle.mayMakeGroup(7), 0);
});

test('CONN-172 only what counts for good is told, and a success only after failures', () => {
  const { told, throttle } = open();
  const name = 'alice';
  const address = HERE;
  const tell = () => told.splice(0);
  guess(throttle, HERE, () => name);
  for (let index = 0; index < 5; index++) throttle.undecided(HERE, name);
  throttle.begin(HERE, name);
  throttle.succeeded(HERE, name);
  throttle.mayRegister(HERE);
  throttle.notRegistered(HERE);
  assert.deepEqual(tell(), []);
  throttle.begin(HERE, name);
  throttle.failed(HERE, name);
  throttle.begin(HERE, name);
  throttle.succeeded(HERE, name);
  throttle.mayRegister(HERE);
  throttle.registered(HERE);
  for (let index = 0; index < 21; index++) throttle.mayMakeGroup(7);
  const groups = Array.from({ length: 20 }, () => ({ type: 'group-made', person: 7 }));
  const logins = [
    { type: 'login-failed', address, name },
    { type: 'login-succeeded', address, name },
  ];
  assert.deepEqual(tell(), [...logins, { type: 'registered', address }, ...groups]);
});

test('CONN-172 what comes twice only makes limits stricter, but for failures that a success forgets', () => {
  const { clock, throttle } = open();
  for (let index = 0; index < 100; index++) throttle.heard({ type: 'login-failed', address: HERE, name: 'alice' });
  assert.equal(throttle.begin(HERE, 'alice'), QUARTER);
  throttle.heard({ type: 'login-succeeded', address: HERE, name: 'alice' });
  assert.equal(throttle.begin(HERE, 'alice'), QUARTER, 'the address has failed too often');
  clock.advance(QUARTER);
  throttle.heard({ type: 'login-succeeded', address: HERE, name: 'alice' });
  assert.deepEqual(
    guess(throttle, HERE, () => 'alice'),
    [5, SECOND],
  );
});

test('CONN-35 CONN-171 of what is heard no more is remembered than of what is counted here', () => {
  const { throttle } = open();
  for (let index = 0; index < 20; index++) throttle.heard({ type: 'group-made', person: 2 });
  assert.ok(throttle.mayMakeGroup(2) > 0);
  for (let person = 10; person < 10_010; person++) throttle.heard({ type: 'group-made', person });
  assert.equal(throttle.mayMakeGroup(2), 0);
});
