import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { seededRandom } from '../../testing/random.ts';
import { Rows } from './rows.ts';

test('LIST-03 whatever rows come, change and go, the text has all of them, in the order in which they came', () => {
  const random = seededRandom(7);
  const rows = new Rows('[', ']', new FakeClock());
  const expected = new Map<number, string>();
  assert.equal(rows.bytes().toString(), '[]');
  for (let step = 0; step < 5_000; step++) {
    const id = random.below(700);
    const row = random.below(3) === 0 ? undefined : JSON.stringify(`ü ${step % 5}`);
    rows.set(id, row);
    if (row === undefined) expected.delete(id);
    else expected.set(id, row);
    if (step % 50 === 0) assert.equal(rows.bytes().toString(), `[${[...expected.values()].join()}]`);
  }
  for (const id of expected.keys()) rows.set(id, undefined);
  assert.equal(rows.bytes().toString(), '[]');
});

test('LIST-03 as long as nothing changes the same bytes are given', () => {
  const rows = new Rows('[', ']', new FakeClock());
  rows.set(1, '"a"');
  const bytes = rows.bytes();
  rows.set(1, '"a"');
  rows.set(2, undefined);
  assert.equal(rows.bytes(), bytes);
});

test('LIST-03 a text of more than 64 KiB is put together at most every 100 ms', () => {
  const clock = new FakeClock();
  const rows = new Rows('[', ']', clock);
  const long = JSON.stringify('x'.repeat(1_000));
  for (let id = 0; id < 100; id++) rows.set(id, long);
  const { length } = rows.bytes();
  rows.set(100, long);
  clock.advance(99);
  assert.equal(rows.bytes().length, length);
  clock.advance(1);
  assert.equal(rows.bytes().length, length + long.length + 1);
});
