import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isAmong, type MessageOrder, numbersOf, visibleAt, visibleUpTo } from './message-numbers.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const orders: readonly MessageOrder[] = ['asc', 'desc'];

test('VIEW-31 VIEW-33 VIEW-34 pages are the slices of the numbers that the viewer sees', () => {
  const property = fc.property(
    fc.nat(60),
    fc.uniqueArray(fc.integer({ min: 1, max: 70 })),
    fc.constantFrom(...orders),
    fc.integer({ min: 1, max: 20 }),
    fc.option(fc.nat(70)),
    (lastNumber, withheld, order, size, before) => {
      const hidden = withheld.toSorted((a, b) => a - b);
      const head = { position: 0, lastNumber, hidden };
      const visible = upTo(lastNumber).filter((number) => !hidden.includes(number) && number < (before ?? Infinity));
      const ordered = order === 'asc' ? visible : visible.toReversed();
      for (let index = 1; index < 8; index++) {
        const page = numbersOf(head, { order, size, index, before });
        assert.deepEqual(page, { numbers: ordered.slice((index - 1) * size, index * size), total: visible.length });
      }
    },
  );
  fc.assert(property);
});

test('VIEW-33 the k-th message that a viewer sees is found by binary search', () => {
  const hidden = upTo(50_000).map((index) => index * 2);
  assert.equal(visibleAt(hidden, 1), 1);
  assert.equal(visibleAt(hidden, 50_000), 99_999);
  assert.equal(visibleAt(hidden, 50_001), 100_001);
  assert.equal(visibleUpTo({ position: 0, lastNumber: 1_000_000, hidden }, 1_000_000), 950_000);
  assert.ok(isAmong(hidden, 99_998) && !isAmong(hidden, 99_999) && !isAmong(hidden, 100_002) && !isAmong([], 1));
});
