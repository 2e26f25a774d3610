import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from './clock.ts';
import { countingIds } from './ids.ts';
import { seededRandom } from './random.ts';

test('the fake clock runs timers when they are due, in order, and ends the turn after each', () => {
  const clock = new FakeClock();
  const seen: string[] = [];
  clock.after(20, () => seen.push(`late ${clock.monotonic()}`));
  clock.after(10, () => {
    seen.push(`early ${clock.monotonic()}`);
    clock.endOfTurn(() => seen.push('turn'));
    clock.after(5, () => seen.push(`nested ${clock.monotonic()}`));
  });
  const cancel = clock.after(12, () => seen.push('cancelled'));
  cancel();
  clock.advance(19);
  assert.deepEqual(seen, ['early 10', 'turn', 'nested 15']);
  clock.advance(1);
  assert.deepEqual(seen.at(-1), 'late 20');
  assert.equal(clock.timers, 0);
});

test('a jump of the fake clock changes the wall clock only', () => {
  const clock = new FakeClock();
  const before = clock.now();
  clock.jump(-1_000);
  clock.advance(10);
  assert.equal(clock.now(), before - 990);
  assert.equal(clock.monotonic(), 10);
});

test('seeded random repeats itself, differs by seed and stays in bounds', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 1_000 }, () => random.below(10));
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  for (let digit = 0; digit < 10; digit++) {
    const share = draw(3).filter((drawn) => drawn === digit).length;
    assert.ok(share > 50 && share < 150, `${digit} came ${share} times`);
  }
  assert.deepEqual(seededRandom(4).shuffle([1, 2, 3, 4]).sort(), [1, 2, 3, 4]);
});

test('counting ids ascend, look like real ones and differ from those of another origin', () => {
  const one = countingIds();
  const two = countingIds(1);
  const [first, second] = [one.message(), one.message()];
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(first < second);
  assert.notEqual(two.message(), first);
  assert.equal(one.integer(), 1);
  assert.notEqual(two.integer(), 1);
  assert.notEqual(one.identity(), two.identity());
  assert.equal(new Set([one.secret(), one.secret(), two.secret()]).size, 3);
});
