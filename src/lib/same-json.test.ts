import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameJson } from './same-json.ts';

test('equal JSON values are equal, however their keys are ordered', () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [{ a: 1, b: [{ c: null }] }, JSON.parse('{"b":[{"c":null}],"a":1}')],
    [0, -0],
    [[], []],
    [{}, {}],
    ['é', 'é'],
  ];
  for (const [left, right] of pairs) assert.ok(sameJson(left, right), JSON.stringify([left, right]));
});

test('values of other types, lengths or names differ', () => {
  const values: readonly unknown[] = [
    null,
    false,
    true,
    0,
    1,
    '',
    '0',
    [],
    [0],
    [0, 0],
    {},
    { a: 0 },
    { b: 0 },
    { 0: 0 },
  ];
  values.forEach((left, index) => {
    values.forEach((right, other) => assert.equal(sameJson(left, right), index === other));
  });
  assert.equal(sameJson({ toString: 1 }, { valueOf: 1 }), false);
  assert.equal(sameJson(JSON.parse('{"__proto__":null}'), { a: null }), false);
});

test('it agrees with deep equality of what is written and read back', () => {
  const agrees = (left: unknown, right: unknown) => {
    const [one, other] = [left, right].map((value) => JSON.parse(JSON.stringify(value)));
    let equal = true;
    try {
      assert.deepEqual(one, other);
    } catch {
      equal = false;
    }
    assert.equal(sameJson(one, other), equal);
  };
  const small = fc.jsonValue({ maxDepth: 2, stringUnit: fc.constantFrom('a', 'b') });
  fc.assert(fc.property(small, small, agrees));
  fc.assert(fc.property(fc.jsonValue(), (value) => agrees(value, structuredClone(value))));
});
