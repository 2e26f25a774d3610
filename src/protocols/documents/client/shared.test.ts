import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameJson } from '../../../lib/same-json.ts';
import { shared } from './shared.ts';

const entry = (id: number, more: object = {}) => ({ key: { type: 'user', id }, name: { first: `n${id}` }, ...more });

test('DOC-186 equal entries are the same objects, wherever they stand; changed ones share what is equal', () => {
  const before = [entry(1), entry(2), entry(3, { on: true })];
  const made = shared(before, [entry(4), entry(3, { on: false }), entry(1)]);
  assert.deepEqual(made, [entry(4), entry(3, { on: false }), entry(1)]);
  assert.equal(made[2], before[0]);
  assert.notEqual(made[1], before[2]);
  assert.equal(made[1]?.name, before[2]?.name);
});

test('DOC-186 an equal value is the old one', () => {
  const before = { a: [1, { b: null }], c: 'x' };
  assert.equal(shared(before, { c: 'x', a: [1, { b: null }] }), before);
  assert.equal(shared(undefined, before), before);
});

test('DOC-186 T4 the new value is what it was without the old one', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (before, after) => {
      assert.ok(sameJson(shared(before, structuredClone(after)), after));
    }),
  );
  const made = shared({ a: 1 }, JSON.parse('{"__proto__":{"b":1}}'));
  assert.deepEqual([Object.keys(made), Object.getPrototypeOf(made)], [['__proto__'], Object.prototype]);
});
