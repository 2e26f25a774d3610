import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EMPTY_TRIE, findIndex, type HashTrie, withIndex, withoutIndex } from './hash-trie.ts';

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
      const find = (trie: HashTrie, index: number) => findIndex(trie, hashes[index] as number, (at) => at === index);
      const hashAt = (index: number) => hashes[index] as number;
      const empty: HashTrie = inPlace ? [0] : EMPTY_TRIE;
      const full = hashes.reduce((trie, one, index) => withIndex(trie, one, index, hashAt, inPlace), empty);
      for (const index of hashes.keys()) assert.equal(find(full, index), index);
      const before = structuredClone(full);
      let trie = full;
      const left = new Set(hashes.keys());
      for (const index of removed) {
        trie = withoutIndex(trie, hashAt(index), index);
        left.delete(index);
        for (const one of hashes.keys()) assert.equal(find(trie, one), left.has(one) ? one : -1);
      }
      assert.deepEqual(full, before);
      const again = [...left].reduce((made, index) => withIndex(made, hashAt(index), index, hashAt), EMPTY_TRIE);
      if (new Set(hashes).size === hashes.length) assert.deepEqual(trie, again, 'no trace is left');
    }),
  );
  assert.deepEqual(EMPTY_TRIE, [0]);
});
