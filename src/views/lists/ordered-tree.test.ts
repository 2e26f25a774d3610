import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OrderedTree } from './ordered-tree.ts';

type Item = { readonly place: number; readonly value: number };

const compare = (a: Item, b: Item) => a.place - b.place;
const item = (place: number, value = 0): Item => ({ place, value });
const treeOf = (places: readonly number[]) =>
  OrderedTree.of(
    places.map((place) => item(place)),
    compare,
    0,
  );
const all = <E>(tree: OrderedTree<E>) => tree.slice(0, tree.size);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Batches of changes: each place is put (with a value) or taken out. */
const batches = (places: number) =>
  fc.array(
    fc.array(fc.record({ place: fc.nat(places), value: fc.option(fc.nat(3), { nil: null }) }), { maxLength: 120 }),
    { maxLength: 12 },
  );

test('VIEW-01 VIEW-02 a tree is the sorted array after each batch, and stays so', () => {
  const property = fc.property(fc.nat(600), batches(700), (first, changes) => {
    let tree = treeOf(upTo(first).map((index) => index + Math.floor(index / 3)));
    const model = new Map(all(tree).map((entry) => [entry.place, entry]));
    const history: [tree: OrderedTree<Item>, entries: Item[]][] = [];
    changes.forEach((batch, number) => {
      history.push([tree, all(tree)]);
      tree = tree.edit(number + 1, (edit) => {
        for (const { place, value } of batch) {
          const before = model.get(place);
          const after = value === null ? undefined : item(place, value);
          if (before === undefined && after !== undefined) edit.insert(after);
          if (before !== undefined && after !== undefined) edit.replace(before, after);
          if (before !== undefined && after === undefined) edit.remove(before);
          if (after === undefined) model.delete(place);
          else model.set(place, after);
        }
      }).tree;
      const sorted = [...model.values()].toSorted(compare);
      assert.deepEqual(all(tree), sorted);
      for (const rank of [0, 1, Math.floor(sorted.length / 2), sorted.length]) {
        assert.deepEqual(tree.slice(rank, 7), sorted.slice(rank, rank + 7));
        assert.equal(tree.indexOf(item((sorted[rank] ?? item(-1)).place)), rank < sorted.length ? rank : -1);
      }
    });
    for (const [earlier, entries] of history) assert.deepEqual(all(earlier), entries);
  });
  fc.assert(property, { numRuns: 60 });
});

test('VIEW-02 a batch copies the way to a change once and shares all other nodes', () => {
  const tree = treeOf(upTo(100_000));
  const one = tree.edit(1, (edit) => edit.replace(item(50_000), item(50_000, 1))).cost;
  assert.ok(one.made < 2_000, `${one.made} bytes of ${tree.bytes} for one change`);
  assert.equal(one.made, one.replaced);
  const near = tree.edit(1, (edit) => {
    for (let place = 50_000; place < 50_010; place++) edit.replace(item(place), item(place, 1));
  }).cost;
  assert.ok(near.made <= 2 * one.made, `${near.made} bytes for ten changes beside each other, ${one.made} for one`);
});

test('VIEW-03 a page of a long list looks at few nodes more than one of a short list', () => {
  const visited = (size: number, rank: number) => {
    const tree = treeOf(upTo(size));
    assert.deepEqual(
      tree.slice(rank, 50).map(({ place }) => place),
      upTo(size).slice(rank, rank + 50),
    );
    return tree.visited;
  };
  assert.ok(visited(100, 40) >= 3);
  for (const rank of [0, 49_990, 99_990]) assert.ok(visited(100_000, rank) <= 14, `${visited(100_000, rank)} nodes`);
});

test('VIEW-01 what is not in a tree is neither taken out nor replaced', () => {
  const tree = treeOf([1, 3]);
  assert.throws(() => tree.edit(1, (edit) => edit.remove(item(2))), /not in the tree/);
  assert.throws(() => tree.edit(1, (edit) => edit.replace(item(2), item(2))), /not in the tree/);
  assert.throws(() => tree.edit(1, (edit) => edit.replace(item(1), item(2))), /another place/);
  assert.throws(() => treeOf([]).edit(1, (edit) => edit.remove(item(2))), /not in the tree/);
  assert.equal(treeOf([]).indexOf(item(1)), -1);
  assert.deepEqual(treeOf([]).slice(0, 10), []);
});

test('VIEW-05 the bytes that an edit reports are those of the nodes', () => {
  const property = fc.property(fc.nat(500), batches(500), (first, changes) => {
    let tree = treeOf(upTo(first));
    let bytes = tree.bytes;
    const present = new Set(upTo(first));
    changes.forEach((batch, number) => {
      const { tree: after, cost } = tree.edit(number + 1, (edit) => {
        for (const { place, value } of batch) {
          if (present.has(place) && value === null && present.delete(place)) edit.remove(item(place));
          else if (present.has(place)) edit.replace(item(place), item(place));
          else if (present.add(place)) edit.insert(item(place));
        }
      });
      tree = after;
      bytes += cost.made - cost.replaced;
      assert.equal(bytes, tree.bytes);
    });
  });
  fc.assert(property, { numRuns: 60 });
});
