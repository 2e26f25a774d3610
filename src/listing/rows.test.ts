import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../testing/random.ts';
import { Rows } from './rows.ts';

test('LIST-03 whatever rows come, change and go, the text has all of them, in the order in which they came', () => {
  const random = seededRandom(7);
  const rows = new Rows('[', ']');
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
  const rows = new Rows('[', ']');
  rows.set(1, '"a"');
  const bytes = rows.bytes();
  rows.set(1, '"a"');
  rows.set(2, undefined);
  assert.equal(rows.bytes(), bytes);
});
