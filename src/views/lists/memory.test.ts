import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heapAfterCollection } from '../../../testing/heap.ts';
import { seededRandom } from '../../../testing/random.ts';
import { Budget } from './budget.ts';
import { ContentView } from './content-view.ts';
import { loading } from './list-loading.ts';
import { ListView } from './list-view.ts';

type Item = { readonly id: number; readonly name: string; readonly presence: string; readonly picture: string | null };

const compare = (a: Item, b: Item) => (a.name < b.name ? -1 : Number(a.name > b.name));
const random = seededRandom(5);

/** With a text of its own, as one that was read from storage. */
function item(id: number): Item {
  const name = Buffer.from(`somebody ${random.below(1_000_000)} ${id}`).toString('latin1');
  return { id, name, presence: 'online', picture: null };
}

/** How many bytes of heap what `make` makes takes for each byte that the budget counts. */
async function heapFor(make: (budget: Budget) => object): Promise<number> {
  const budget = new Budget();
  const before = await heapAfterCollection();
  const kept = make(budget);
  const bytes = (await heapAfterCollection()) - before;
  assert.ok(budget.bytes > 2_000_000 && Object.keys(kept).length >= 0);
  return bytes / budget.bytes;
}

function listOf(size: number, budget: Budget): ListView<Item> {
  const ids = Array.from({ length: size }, (_, index) => 2 ** 40 + index);
  const steps = loading(ids, item, compare);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return new ListView('list', step.value, compare, budget, () => {});
  }
}

const factors: readonly (readonly [what: string, make: (budget: Budget) => object])[] = [
  ['a long list', (budget) => listOf(20_000, budget)],
  ['many versions of a short list', (budget) => changed(listOf(20, budget), 3_000, 1)],
  ['versions of a long list with many changes', (budget) => changed(listOf(5_000, budget), 100, 100)],
  ['versions of contents', (budget) => contents(budget)],
];

function changed(view: ListView<Item>, versions: number, changes: number): ListView<Item> {
  const ids = [...view.keys];
  for (let version = 0; version < versions; version++)
    view.refresh(new Map(Array.from({ length: changes }, () => random.pick(ids)).map((id) => [id, item(id)])));
  return view;
}

function contents(budget: Budget): object {
  const view = new ContentView<{ people: Item[] }>('content', budget, () => {});
  for (let version = 0; version < 5_000; version++) view.answer({ people: [item(version), item(-version)] }, null);
  return view;
}

for (const [what, make] of factors) {
  test(`VIEW-05 the estimated bytes of ${what} are within a factor of 2 of the heap`, async () => {
    const factor = await heapFor(make);
    assert.ok(factor > 0.5 && factor < 2, `${factor.toFixed(2)} bytes of heap for each estimated one`);
  });
}
