import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Budget } from './budget.ts';

/** A view of the test, which remembers what has left. */
class Counted {
  readonly #budget: Budget;
  readonly left: (number | 'all')[] = [];
  number = 1;

  constructor(budget: Budget, bytes: number) {
    this.#budget = budget;
    budget.set(this, bytes);
  }

  next(bytes: number, superseded: number): void {
    this.#budget.superseded(this, this.number++, superseded);
    this.#budget.set(this, bytes);
  }

  forget(number: number): void {
    this.left.push(number);
  }

  drop(): void {
    this.left.push('all');
  }
}

test('VIEW-11 the oldest versions leave first, whatever view they belong to', () => {
  const budget = new Budget(10_000);
  const [first, second] = [new Counted(budget, 2_000), new Counted(budget, 2_000)];
  first.next(2_000, 1_000);
  second.next(2_000, 1_000);
  first.next(2_000, 1_000);
  assert.deepEqual([first.left, second.left], [[], []]);
  second.next(2_000, 2_500);
  assert.deepEqual([first.left, second.left], [[1], []], 'one was enough');
  second.next(5_000, 100);
  assert.deepEqual([first.left, second.left], [[1, 2], [1]], 'by age, not by view');
});

test('VIEW-12 then whole views leave, the one that was used longest ago first', () => {
  const budget = new Budget(10_000);
  const [first, second, third] = [4_000, 4_000, 1_000].map((bytes) => new Counted(budget, bytes));
  assert.ok(first && second && third);
  budget.used(first);
  third.next(3_000, 500);
  assert.deepEqual([first.left, second.left, third.left], [[], ['all'], [1]]);
  const bytes = budget.bytes;
  budget.used(second);
  assert.equal(budget.bytes, bytes, 'a view that left is not counted again');
  budget.remove(first);
  assert.equal(budget.bytes, 3_000);
  new Counted(budget, 10_001);
  assert.equal(budget.bytes, 0, 'a view that is larger than the budget leaves at once');
});

test('VIEW-10 the budget is not exceeded after a change', () => {
  const change = fc.record({ view: fc.nat(9), bytes: fc.nat(4_000), superseded: fc.nat(2_000), removed: fc.nat(9) });
  const property = fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
    const budget = new Budget(10_000);
    const views = new Map<number, Counted>();
    for (const { view, bytes, superseded, removed } of changes) {
      const known = views.get(view);
      if (known === undefined || known.left.at(-1) === 'all') views.set(view, new Counted(budget, bytes));
      else if (removed === 0) {
        budget.remove(known);
        known.drop();
      } else known.next(bytes, superseded);
      assert.ok(budget.bytes <= 10_000 && budget.bytes >= 0, `${budget.bytes}`);
    }
    for (const view of views.values()) budget.remove(view);
    assert.equal(budget.bytes, 0);
  });
  fc.assert(property);
});
