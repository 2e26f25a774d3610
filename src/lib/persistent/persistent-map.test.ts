import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashOf } from './hash-trie.ts';
import { PersistentMap } from './persistent-map.ts';

type Item<K> = { readonly key: K; readonly value: number };

const keyOf = <K>({ key }: Item<K>): K => key;

/** Keys of which many have the same hash, or hashes that differ in the last bits only. */
const COLLIDING = collidingKeys();

function collidingKeys(): readonly number[] {
  const byHash = new Map<number, number>();
  const found: number[] = [0, 1, 2, 3];
  for (let key = 1; found.length < 16; key++) {
    const high = hashOf(key * 2 ** 33 + 7) & 0x7ff;
    const same = byHash.get(high);
    if (same === undefined) byHash.set(high, key * 2 ** 33 + 7);
    else found.push(same, key * 2 ** 33 + 7);
  }
  return found;
}

type Step<K> =
  | { readonly type: 'with'; readonly item: Item<K> }
  | { readonly type: 'without'; readonly key: K }
  | { readonly type: 'with-all'; readonly items: readonly Item<K>[] };

function stepsOf<K>(keys: fc.Arbitrary<K>): fc.Arbitrary<Step<K>[]> {
  const item = fc.record({ key: keys, value: fc.nat(9) });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('with' as const), item }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('without' as const), key: keys }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('with-all' as const), items: fc.array(item) }) },
  );
  return fc.array(step, { maxLength: 400, size: 'max' });
}

/** Compares each step with a `Map`, and at the end all maps that were made before with what they were then. */
function behavesLikeMap<K extends string | number>(steps: readonly Step<K>[], hint: readonly K[]): void {
  let map = PersistentMap.empty<K, Item<K>>(keyOf);
  const model = new Map<K, Item<K>>();
  const history: { readonly map: typeof map; readonly entries: readonly (readonly [K, Item<K>])[] }[] = [];
  for (const step of steps) {
    if (step.type === 'with') map = map.with(step.item);
    else if (step.type === 'without') map = map.without(step.key);
    else map = map.withAll(step.items);
    const items = step.type === 'with' ? [step.item] : step.type === 'with-all' ? step.items : [];
    for (const one of items) model.set(one.key, one);
    if (step.type === 'without') model.delete(step.key);
    history.push({ map, entries: [...model] });
  }
  for (const { map: then, entries } of history) {
    assert.deepEqual([...then], entries);
    assert.equal(then.size, entries.length);
  }
  assert.deepEqual([...map.values()], [...model.values()]);
  assert.deepEqual([...map.keys()], [...model.keys()]);
  for (const key of [...model.keys(), ...hint]) {
    assert.equal(map.get(key), model.get(key));
    assert.equal(map.has(key), model.has(key));
  }
}

test('a persistent map behaves like a Map at every step, and no map ever changes', () => {
  const words = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'ab', 'ba'), fc.string({ maxLength: 3 }));
  fc.assert(fc.property(stepsOf(words), (steps) => behavesLikeMap(steps, ['', 'a', 'none'])));
  const numbers = fc.oneof(fc.nat(40), fc.integer(), fc.maxSafeInteger(), fc.constantFrom(...COLLIDING));
  fc.assert(fc.property(stepsOf(numbers), (steps) => behavesLikeMap(steps, COLLIDING)));
});

test('a persistent map that forgets the oldest as it grows stays small, and in order', () => {
  let map = PersistentMap.empty<number, Item<number>>(keyOf);
  const model = new Map<number, Item<number>>();
  for (let key = 0; key < 5_000; key++) {
    map = map.with({ key, value: key });
    model.set(key, { key, value: key });
    if (key % 7 === 0) {
      const moved = { key: key - 100, value: -1 };
      map = map.without(moved.key).with(moved);
      model.delete(moved.key);
      model.set(moved.key, moved);
    }
    for (const [oldest] of [...model].slice(0, Math.max(0, model.size - 256))) {
      assert.equal(map.keys().next().value, oldest);
      map = map.without(oldest);
      model.delete(oldest);
    }
  }
  assert.deepEqual([...map], [...model]);
});

test('a large persistent map has all of its values', () => {
  const items = Array.from({ length: 40_000 }, (_, index) => ({ key: `name ${index}`, value: index }));
  const whole = PersistentMap.empty<string, Item<string>>(keyOf).withAll(items);
  const grown = items.reduce((map, item) => map.with(item), PersistentMap.empty<string, Item<string>>(keyOf));
  for (const map of [whole, grown]) {
    assert.equal(map.size, items.length);
    for (const item of items) if (map.get(item.key) !== item) assert.fail(item.key);
    assert.deepEqual([...map.values()], items);
    assert.equal(map.get('name 40000'), undefined);
  }
  const few = items.slice(100).reduce((map, { key }) => map.without(key), whole);
  assert.deepEqual([...few.values()], items.slice(0, 100));
  assert.equal(whole.size, items.length);
});
