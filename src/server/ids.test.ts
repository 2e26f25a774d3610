import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { systemClock } from './clock.ts';
import { systemIds } from './ids.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const FIXED_BITS = new Set([52, 53, 54, 55, 70, 71]);
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

test('SERVER-150 message ids are UUIDv7 with the time, and ascend also within a millisecond and when the clock goes back a little', () => {
  const clock = new FakeClock();
  const ids = systemIds(clock);
  const made: string[] = [];
  for (let i = 0; i < 10_000; i++) made.push(ids.message());
  clock.jump(-900);
  made.push(ids.message());
  clock.jump(120_000);
  made.push(ids.message());
  for (const id of made) assert.match(id, UUID_V7);
  assert.deepEqual(made, [...made].sort());
  assert.equal(new Set(made).size, made.length);
  assert.equal(timeOf(made.at(-1) ?? ''), clock.now());
});

test('SERVER-150 a clock that was wrong marks no later id', () => {
  for (const ms of [2_000, 3_600_000, 365 * 86_400_000, 3_650 * 86_400_000]) {
    for (const wrong of [ms, -ms]) {
      const clock = new FakeClock();
      const ids = systemIds(clock);
      const made = [ids.message()];
      clock.jump(wrong);
      made.push(ids.message());
      assert.equal(timeOf(made[1] ?? ''), clock.now());
      clock.jump(-wrong);
      for (let i = 0; i < 1_000; i++) made.push(ids.message());
      const right = made.slice(2);
      for (const id of right) assert.equal(timeOf(id), clock.now(), `${wrong} ms`);
      assert.deepEqual(right, [...right].sort());
      assert.equal(new Set(made).size, made.length);
      for (const id of made) assert.match(id, UUID_V7);
    }
  }
  const before1970 = new FakeClock();
  before1970.jump(-before1970.now() - 5);
  assert.match(systemIds(before1970).message(), UUID_V7);
});

test('integers are from 1 to 2^53-1 and reach the upper half; identities are 128 bits', () => {
  const ids = systemIds(systemClock);
  const drawn = Array.from({ length: 1_000 }, () => ids.integer());
  assert.ok(drawn.every((integer) => Number.isSafeInteger(integer) && integer >= 1));
  const upper = drawn.filter((integer) => integer >= 2 ** 52).length;
  assert.ok(upper > 400 && upper < 600, `${upper} of 1,000 in the upper half`);
  assert.match(ids.identity(), /^[0-9a-f]{32}$/);
  assert.notEqual(ids.identity(), ids.identity());
});

test('WORLD-90 T20 a secret is a UUID of version 4 with 122 random bits, and no two of 100,000 are the same', () => {
  const ids = systemIds(systemClock);
  const count = 100_000;
  const ones = Array<number>(128).fill(0);
  const drawn = new Set<string>();
  for (let i = 0; i < count; i++) {
    const secret = ids.secret();
    drawn.add(secret);
    for (const [index, byte] of Buffer.from(secret.replaceAll('-', ''), 'hex').entries())
      for (let bit = 0; bit < 8; bit++) ones[8 * index + bit] = (ones[8 * index + bit] ?? 0) + ((byte >> bit) & 1);
  }
  assert.equal(drawn.size, count);
  for (const secret of drawn) assert.match(secret, UUID_V4);
  // Seven standard deviations. Six bits hold the version and the variant (RFC 9562, 5.4).
  const random = [...ones.entries()].filter(([bit]) => !FIXED_BITS.has(bit));
  for (const [bit, set] of random)
    assert.ok(Math.abs(set - count / 2) < 3.5 * Math.sqrt(count), `bit ${bit} was set ${set} times`);
});

test('the system clock runs due timers, not cancelled ones, and signals the end of turns', async () => {
  const seen: string[] = [];
  const cancel = systemClock.after(0, () => seen.push('cancelled'));
  cancel();
  const before = systemClock.monotonic();
  const alive = setTimeout(() => {}, 10_000);
  await new Promise<void>((done) => systemClock.after(1, done));
  await new Promise<void>((done) => systemClock.endOfTurn(done));
  clearTimeout(alive);
  assert.deepEqual(seen, []);
  assert.ok(systemClock.monotonic() > before);
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
});
