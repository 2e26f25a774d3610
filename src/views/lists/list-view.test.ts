import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Page, Version, ViewAnswer } from '../answer.ts';
import { Budget } from './budget.ts';
import { loading } from './list-loading.ts';
import { type ListContent, ListView } from './list-view.ts';

type Item = { readonly id: number; readonly name: number; readonly note: string };

const compare = (a: Item, b: Item) => a.name - b.name || a.id - b.id;
const item = (id: number, name = id, note = ''): Item => ({ id, name, note });

function contentOf(items: readonly Item[]): ListContent<Item, number> {
  const byId = new Map(items.map((entry) => [entry.id, entry]));
  const steps = loading(byId.keys(), (id) => byId.get(id) ?? null, compare);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function open(items: readonly Item[], budget = new Budget()) {
  const dropped: string[] = [];
  const view = new ListView('list', contentOf(items), compare, budget, () => dropped.push('dropped'));
  return { view, dropped };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => item(index));
const at = (number: number): Version => ({ identity: 'list', number });

test('VIEW-01 VIEW-07 old and new pages are those of the sorted array', () => {
  const change = fc.record({ id: fc.nat(30), entry: fc.option(fc.record({ name: fc.nat(9), note: fc.nat(2) })) });
  const property = fc.property(
    fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 12 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 4 }),
    (batches, size, index) => {
      const { view } = open([]);
      const model = new Map<number, Item>();
      const pageNow = (): Page<Item> => {
        const sorted = [...model.values()].toSorted(compare);
        return { entries: sorted.slice((index - 1) * size, index * size), total: sorted.length };
      };
      const history = new Map([[1, pageNow()]]);
      for (const batch of batches) {
        const changes = new Map(batch.map(({ id, entry }) => [id, entry && item(id, entry.name, `${entry.note}`)]));
        for (const [id, entry] of changes) {
          if (entry === null) model.delete(id);
          else model.set(id, entry);
        }
        view.refresh(changes);
        const whole = view.answer(null, { size, index });
        assert.deepEqual(whole.type === 'whole' && whole.value, pageNow());
        history.set(whole.version.number, pageNow());
      }
      for (const [number, page] of history) {
        const answer = view.answer(at(number), { size, index });
        if (answer.type !== 'changed') {
          assert.deepEqual([answer.type, page], ['same', pageNow()]);
          continue;
        }
        assert.deepEqual([answer.before, answer.after], [page, pageNow()]);
      }
    },
  );
  fc.assert(property);
});

test('VIEW-04 an entry that did not change is the same object on the old page and the new one', () => {
  const { view } = open(upTo(100));
  view.refresh(new Map([[3, item(3, 3, 'new')]]));
  const answer = view.answer(at(1), { size: 10, index: 1 });
  assert.ok(answer.type === 'changed');
  const same = answer.after.entries.map((entry, place) => entry === answer.before.entries[place]);
  assert.deepEqual(same, [true, true, true, false, ...Array.from({ length: 6 }, () => true)]);
  assert.ok(Object.isFrozen(answer.after.entries[3]));
});

test('VIEW-06 many changes make one version, and equal entries none', () => {
  const { view } = open(upTo(10));
  view.refresh(
    new Map([
      [3, item(3)],
      [77, null],
    ]),
  );
  assert.equal(view.answer(at(1), { size: 5, index: 1 }).type, 'same');
  view.refresh(new Map(upTo(10).map(({ id }) => [id, item(id, 10 - id)])));
  assert.equal(view.answer(at(1), { size: 5, index: 1 }).version.number, 2);
});

test('VIEW-08 an unknown version is answered with the whole', () => {
  const { view } = open(upTo(10));
  view.refresh(new Map([[3, null]]));
  for (const since of [null, { identity: 'other', number: 1 }, at(0), at(3), at(1.5)])
    assert.equal(view.answer(since, { size: 5, index: 1 }).type, 'whole');
  assert.equal(view.answer(at(1), { size: 5, index: 1 }).type, 'changed');
});

test('VIEW-08 VIEW-11 a version that left memory is answered with the whole', () => {
  const budget = new Budget(30_000);
  const { view, dropped } = open(upTo(50), budget);
  let answer: ViewAnswer<Page<Item>> = view.answer(null, { size: 5, index: 1 });
  for (let round = 0; answer.type !== 'whole' || round === 0; round++) {
    view.refresh(new Map([[round % 50, item(round % 50, 99, `${round}`)]]));
    answer = view.answer(at(1), { size: 5, index: 1 });
    assert.ok(budget.bytes <= 30_000 && round < 1_000);
  }
  assert.deepEqual(dropped, []);
  assert.equal(view.answer(at(answer.version.number - 1), { size: 5, index: 1 }).type, 'changed');
});

test('VIEW-12 a view that is larger than the budget says so', () => {
  assert.deepEqual(open(upTo(1_000), new Budget(1_000)).dropped, ['dropped']);
});

test('VIEW-23 a long list is loaded in steps of the same length', () => {
  const items = Array.from({ length: 20_000 }, (_, index) => item(index, (index * 7_919) % 20_011));
  let [comparisons, most, steps] = [0, 0, 0];
  const counted = (a: Item, b: Item) => {
    comparisons++;
    return compare(a, b);
  };
  const loadingSteps = loading(items.keys(), (id) => (id % 2 === 0 ? (items[id] ?? null) : null), counted);
  for (;;) {
    const before = comparisons;
    const step = loadingSteps.next();
    steps++;
    most = Math.max(most, comparisons - before);
    if (step.done !== true) continue;
    const even = items.filter(({ id }) => id % 2 === 0);
    assert.deepEqual(step.value.sorted, even.toSorted(compare));
    assert.equal(step.value.entries.size, even.length);
    break;
  }
  assert.ok(steps > 50, `${steps} steps`);
  assert.ok(most < 8_500, `${most} comparisons in one step`);
});
