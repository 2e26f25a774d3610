import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PersistentArray } from './persistent-array.ts';

test('a persistent array of any length has its values, and a change makes another one', () => {
  const lengths = fc.oneof(fc.nat(70), fc.constantFrom(31, 32, 33, 1_023, 1_024, 1_025, 32_768, 32_769));
  fc.assert(
    fc.property(lengths, fc.nat(), fc.nat(40), (length, at, more) => {
      const values = Array.from({ length }, (_, index) => index);
      const array = PersistentArray.of(values);
      let changed = array;
      const expected = [...values];
      for (let step = 0; step < more; step++) {
        const index = step % 2 === 0 ? expected.length : at % expected.length;
        changed = changed.put(index, -step);
        expected[index] = -step;
      }
      assert.deepEqual([array.length, changed.length], [values.length, expected.length]);
      assert.deepEqual([...array], values);
      assert.deepEqual([...changed], expected);
      const start = at % (expected.length + 2);
      assert.deepEqual([...changed.from(start)], expected.slice(start));
      for (const index of [-1, 0, start, length - 1, length, length + 1_000_000])
        assert.equal(changed.at(index), index < 0 ? undefined : expected[index]);
    }),
  );
});
