import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EMPTY_TRIE, type HashTrie, indexIn, valueIn, withEntry, withoutIndex } from './hash-trie.ts';

type Value = { readonly index: number };

/** Hashes that are equal in their first bits, or altogether. */
const hash = fc.oneof(
  fc.constantFrom(0, -1, 1, 33, 1 << 30, 1 << 31, (1 << 31) | 1, (1 << 30) | 1),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);

test('indexes are found by their hash, also many of one hash, until they are taken out again', () => {
  const runs = fc.array(hash, { minLength: 1, maxLength: 40 }).chain((hashes) =>
    fc.record({
      hashes: fc.constant(hashes),
      removed: fc.shuffledSubarray([...hashes.keys()]),
      inPlace: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(runs, ({ hashes, removed, inPlace }) => {
      const values = hashes.map((_, index): Value => ({ index }));
      const keyOf = ({ index }: Value) => index;
      const hashIn = ({ index }: Value) => hashes[index] as number;
      const add = (trie: HashTrie<Value>, index: number, inPlace = false) =>
        withEntry(trie, hashes[index] as number, index, values[index] as Value, hashIn, inPlace);
      const find = (trie: HashTrie<Value>, index: number) => {
        const found = indexIn(trie, hashes[index] as number, index, keyOf);
        assert.equal(
          valueIn(trie, hashes[index] as number, index, keyOf),
          found === undefined ? undefined : values[index],
        );
        return found;
      };
      const empty: HashTrie<Value> = inPlace ? [0] : EMPTY_TRIE;
      const full = [...hashes.keys()].reduce((trie, index) => add(trie, index, inPlace), empty);
      for (const index of hashes.keys()) assert.equal(find(full, index), index);
      const before = structuredClone(full);
      let trie = full;
      const left = new Set(hashes.keys());
      for (const index of removed) {
        trie = withoutIndex(trie, hashes[index] as number, index);
        left.delete(index);
        for (const one of hashes.keys()) assert.equal(find(trie, one), left.has(one) ? one : undefined);
      }
      assert.deepEqual(full, before);
      const again = [...left].reduce((made, index) => add(made, index), EMPTY_TRIE as HashTrie<Value>);
      if (new Set(hashes).size === hashes.length) assert.deepEqual(trie, again, 'no trace is left');
    }),
  );
  assert.deepEqual(EMPTY_TRIE, [0]);
});
