import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { cachedByObject } from './object-cache.ts';
import { sameJson } from '../../../lib/same-json.ts';
import type { JsonObject } from '../../json-frames.ts';
import type { Change } from './content-patch.ts';
import { pagePatch } from './page-patch.ts';

type Entry = { readonly id: number; readonly fields: JsonObject };

const entry = (id: number, fields: JsonObject = {}): Entry => ({
  id,
  fields: { key: { type: 'user', id }, ...fields },
});
const rendering = { keyOf: ({ id }: Entry) => id, isKnown: () => true, fieldsOf: ({ fields }: Entry) => fields };

/** Counts how often entries are rendered and told apart. */
function counting() {
  const counts = { keys: 0, rendered: 0 };
  return {
    counts,
    isKnown: () => true,
    keyOf: ({ id }: Entry) => (counts.keys++, id),
    fieldsOf: ({ fields }: Entry) => (counts.rendered++, fields),
  };
}

function applied(before: readonly Entry[], operations: readonly Change[]): unknown {
  const page = structuredClone(before.map(({ fields }) => fields));
  assert.deepEqual(new Set(applyPatch(page, [...operations])), new Set(operations.length > 0 ? [null] : []));
  return page;
}

const anyFields = fc.record(
  {
    display_name: fc.string({ maxLength: 3 }),
    picture: fc.option(fc.string({ maxLength: 3 })),
    'a/b~c': fc.jsonValue({ maxDepth: 2 }),
    connected: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Two versions of a page: some entries stay as they are, some change, the others come, go or move. */
const anyPages = fc
  .uniqueArray(fc.record({ id: fc.nat(60), fields: anyFields, other: anyFields, changes: fc.boolean() }), {
    selector: ({ id }) => id,
    maxLength: 40,
  })
  .chain((known) => {
    const before = known.map(({ id, fields }) => entry(id, fields));
    const later = known.map(({ id, other, changes }, index) => (!changes && before[index]) || entry(id, other));
    return fc.tuple(fc.subarray(before), fc.oneof(fc.subarray(later), fc.shuffledSubarray(later)));
  });

test('DOC-60 DOC-62 the patch turns the old page into the new one, for an independent implementation', () => {
  fc.assert(
    fc.property(anyPages, ([before, after]) => {
      const operations = pagePatch(before, after, rendering);
      assert.ok(
        sameJson(
          applied(before, operations),
          after.map(({ fields }) => fields),
        ),
      );
    }),
    { numRuns: 500 },
  );
});

test('DOC-60 DOC-61 DOC-62 entries that come, go, move and change', () => {
  const [a, b, c, d] = [1, 2, 3, 4].map((id) => entry(id, { name: `n${id}`, on: true }));
  assert.ok(a && b && c && d);
  const off = entry(2, { name: 'n2', on: false });
  const cases: readonly (readonly [readonly Entry[], readonly Entry[], readonly object[]])[] = [
    [[], [], []],
    [[a, b], [a, b], []],
    [[], [a], [{ op: 'add', path: '/0', value: a.fields }]],
    [
      [a, b],
      [],
      [
        { op: 'remove', path: '/1' },
        { op: 'remove', path: '/0' },
      ],
    ],
    [[a, b], [a, off], [{ op: 'replace', path: '/1/on', value: false }]],
    [
      [a, b, c],
      [d, a, b],
      [
        { op: 'remove', path: '/2' },
        { op: 'add', path: '/0', value: d.fields },
      ],
    ],
    [
      [a, b, c, d],
      [b, c, d, a],
      [
        { op: 'remove', path: '/0' },
        { op: 'add', path: '/3', value: a.fields },
      ],
    ],
    [
      [a, b, c],
      [c, off],
      [
        { op: 'remove', path: '/1' },
        { op: 'remove', path: '/0' },
        { op: 'add', path: '/1', value: off.fields },
      ],
    ],
    [
      [a, b],
      [a, entry(2, { on: true, status: 'x' })],
      [
        { op: 'remove', path: '/1/name' },
        { op: 'add', path: '/1/status', value: 'x' },
      ],
    ],
  ];
  for (const [before, after, expected] of cases) assert.deepEqual(pagePatch(before, after, rendering), expected);
});

test('DOC-61 what is removed and added is the least that any order needs', () => {
  const anyOrders = fc
    .uniqueArray(fc.nat(12), { maxLength: 7 })
    .chain((ids) => fc.tuple(fc.constant(ids), fc.shuffledSubarray(ids)));
  fc.assert(
    fc.property(anyOrders, ([before, after]) => {
      const entries = new Map(before.map((id) => [id, entry(id)]));
      const pageOf = (ids: readonly number[]) => ids.flatMap((id) => entries.get(id) ?? []);
      const operations = pagePatch(pageOf(before), pageOf(after), rendering);
      const removed = operations.filter(({ op }) => op === 'remove').length;
      assert.equal(before.length - removed, longestCommon(before, after));
    }),
  );
});

/** The length of the longest common subsequence, by its definition. */
function longestCommon(left: readonly number[], right: readonly number[]): number {
  const [first, ...rest] = left;
  if (first === undefined) return 0;
  const at = right.indexOf(first);
  const without = longestCommon(rest, right);
  return at === -1 ? without : Math.max(without, 1 + longestCommon(rest, right.slice(at + 1)));
}

test('DOC-63 T6 entries that did not change are not rendered, and those at both ends not even looked at', () => {
  const page = Array.from({ length: 200 }, (_, id) => entry(id, { on: true }));
  const same = counting();
  assert.deepEqual(pagePatch(page, page.slice(), same), []);
  assert.deepEqual(same.counts, { keys: 0, rendered: 0 });

  const one = counting();
  assert.equal(pagePatch(page, page.with(100, entry(100, { on: false })), one).length, 1);
  assert.deepEqual(one.counts, { keys: 2, rendered: 2 });

  const pushed = counting();
  assert.equal(pagePatch(page, [entry(1000), ...page.slice(0, -1)], pushed).length, 2);
  assert.deepEqual(pushed.counts, { keys: 400, rendered: 1 });
});

test('DOC-63 T6 rendering is proportional to the changes, and the patch to the page', () => {
  for (const length of [50, 100, 200]) {
    const page = Array.from({ length }, (_, id) => entry(id));
    const reversed = counting();
    const operations = pagePatch(page, page.toReversed(), reversed);
    assert.equal(operations.length, 2 * (length - 1));
    assert.deepEqual(reversed.counts, { keys: 2 * length, rendered: length - 1 });
  }
});

test('DOC-63 a rendering that is cached renders each entry once', () => {
  let rendered = 0;
  const fieldsOf = cachedByObject(({ fields }: Entry) => (rendered++, fields));
  const [before, after] = [[entry(1, { on: true })], [entry(1, { on: false })]];
  for (let round = 0; round < 3; round++) pagePatch(before, after, { ...rendering, fieldsOf });
  assert.equal(rendered, 2);
});

test('DOC-66 an entry of which only the key is known is replaced as a whole, wherever it stands', () => {
  const [a, b, c] = [entry(1, { text: 'a' }), entry(2, { text: 'b' }), entry(3, { text: 'c' })];
  const unknown = entry(2);
  const isKnown = (one: Entry) => one !== unknown;
  assert.deepEqual(pagePatch([a, unknown, c], [a, b, c], { ...rendering, isKnown }), [
    { op: 'replace', path: '/1', value: b.fields },
  ]);
  assert.deepEqual(pagePatch([unknown, a], [c, b], { ...rendering, isKnown }), [
    { op: 'remove', path: '/1' },
    { op: 'add', path: '/0', value: c.fields },
    { op: 'replace', path: '/1', value: b.fields },
  ]);
  assert.deepEqual(pagePatch([a, unknown], [a], { ...rendering, isKnown }), [{ op: 'remove', path: '/1' }]);
});
