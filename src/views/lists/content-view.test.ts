import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget } from './budget.ts';
import { ContentView } from './content-view.ts';

function open(budget = new Budget()): ContentView<{ name: string; tags: string[] }> {
  const view = new ContentView<{ name: string; tags: string[] }>('content', budget, () => {});
  view.answer({ name: 'a', tags: ['x'] }, null);
  return view;
}
const at = (number: number) => ({ identity: 'content', number });

test('VIEW-06 VIEW-07 a content has a version for each change that somebody asked after', () => {
  const view = open();
  assert.deepEqual(view.answer({ name: 'a', tags: ['x'] }, at(1)), { type: 'same', version: at(1) });
  const changed = view.answer({ name: 'b', tags: ['x'] }, at(1));
  assert.deepEqual(changed, {
    type: 'changed',
    version: at(2),
    before: { name: 'a', tags: ['x'] },
    after: { name: 'b', tags: ['x'] },
  });
  const back = view.answer({ name: 'a', tags: ['x'] }, at(1));
  assert.equal(back.version.number, 3, 'what it was before is another version');
});

test('VIEW-08 without a known version the answer is the whole', () => {
  const view = open();
  view.answer({ name: 'b', tags: [] }, null);
  for (const since of [null, at(0), at(3), { identity: 'other', number: 2 }]) {
    const answer = view.answer({ name: 'b', tags: [] }, since);
    assert.deepEqual(answer, { type: 'whole', version: at(2), value: { name: 'b', tags: [] } });
  }
});

test('VIEW-10 VIEW-11 old versions of a content leave when the budget is full', () => {
  const budget = new Budget(5_000);
  const view = open(budget);
  for (let round = 0; round < 200; round++) {
    view.answer({ name: `${round}`, tags: [] }, null);
    assert.ok(budget.bytes <= 5_000);
  }
  assert.equal(view.answer({ name: '199', tags: [] }, at(2)).type, 'whole');
  assert.equal(view.answer({ name: '199', tags: [] }, at(200)).type, 'changed');
});

test('VIEW-10 a content that left the budget, or is used no more, is not counted again', () => {
  const budget = new Budget(100);
  const dropped: string[] = [];
  const view = new ContentView<{ name: string }>('content', budget, () => dropped.push('dropped'));
  const large = { name: 'x'.repeat(100) };
  assert.deepEqual(view.answer(large, null), { type: 'whole', version: at(1), value: large });
  assert.deepEqual([dropped, budget.bytes], [['dropped'], 0]);
  view.answer({ name: 'a' }, null);
  assert.equal(budget.bytes, 0);
  const other = open(new Budget());
  other.close();
  other.answer({ name: 'b', tags: [] }, null);
  assert.equal(budget.bytes, 0);
});
