import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { sameJson } from '../../../lib/same-json.ts';
import type { Change } from '../patches/content-patch.ts';
import { pointerTo } from '../patches/pointer.ts';
import { applyChanges } from './apply-changes.ts';

/** Makes every object in it immutable, so that a change of it throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value)) frozen(child);
  return Object.freeze(value);
}

/** The pointers to all places in a value, and to the places after the ends of arrays. */
function pointersOf(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const children = Object.entries(value).flatMap(([name, child]) => {
    const path = pointerTo(at, name);
    return [path, ...pointersOf(child, path)];
  });
  return Array.isArray(value) ? [...children, `${at}/${value.length}`, `${at}/-`] : [...children, `${at}/new`];
}

const anyField = fc.constantFrom('key', 'name', 'a/b', 'm~n', '', '0', 'tags');
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(null, 1, 'text', true), tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(anyField, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
const anyWhole = fc.oneof(anyValue.array, anyValue.object) as fc.Arbitrary<object>;
const anyStep = fc.record({
  op: fc.constantFrom('add', 'replace', 'remove'),
  place: fc.nat(1_000),
  value: anyValue.value,
});

/** Whether the place exists, or may be added to, by walking through the value. */
function fits(whole: unknown, { op, path }: Change): boolean {
  const names = path
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop() ?? '';
  let parent = whole as Record<string, unknown>;
  for (const name of names) parent = parent[name] as Record<string, unknown>;
  if (op !== 'add') return Object.hasOwn(parent, last);
  return true;
}

test('DOC-185 changes make what an independent implementation makes, and leave the old value as it was', () => {
  const counts = { good: 0, bad: 0 };
  fc.assert(
    fc.property(anyWhole, fc.array(anyStep, { maxLength: 6 }), (before, steps) => {
      let expected: object | null = structuredClone(before);
      const changes: Change[] = [];
      for (const { op, place, value } of steps) {
        const pointers = pointersOf(expected);
        const path = pointers[place % pointers.length];
        if (path === undefined) break;
        const change = (op === 'remove' ? { op, path } : { op, path, value }) as Change;
        changes.push(change);
        const isGood = fits(expected, change);
        if (isGood) assert.deepEqual(applyPatch(expected, [structuredClone(change)]), [null]);
        else expected = null;
        if (expected === null) break;
      }
      const made = applyChanges(frozen(structuredClone(before)), frozen(changes));
      counts[expected === null ? 'bad' : 'good'] += 1;
      if (expected === null) assert.equal(made, null, JSON.stringify(changes));
      else assert.ok(sameJson(made, expected), JSON.stringify({ before, changes, made, expected }));
    }),
    { numRuns: 2_000, seed: 1 },
  );
  assert.ok(counts.good > 300 && counts.bad > 300, JSON.stringify(counts));
});

test('DOC-186 what did not change is shared with the old value', () => {
  const [first, second, third] = [{ key: 1, name: { first: 'a' } }, { key: 2, on: true }, { key: 3 }];
  const page = frozen([first, second, third]);
  const made = applyChanges<object[]>(page, [
    { op: 'remove', path: '/2' },
    { op: 'add', path: '/0', value: { key: 4 } },
    { op: 'replace', path: '/2/on', value: false },
  ]);
  assert.deepEqual(made, [{ key: 4 }, first, { key: 2, on: false }]);
  assert.equal(made?.[1], first);
  assert.equal(applyChanges(page, []), page);
});

test('DOC-185 T4 T45 a change that does not fit leaves everything as it was', () => {
  const whole = frozen({ list: [1, 2], name: 'x', object: { a: null } });
  const good: Change = { op: 'replace', path: '/name', value: 'y' };
  const paths: readonly (readonly [Change['op'], string])[] = [
    ['replace', ''],
    ['remove', ''],
    ['add', ''],
    ['remove', '/missing'],
    ['replace', '/missing'],
    ['add', '/missing/a'],
    ['add', '/name/a'],
    ['add', '/list/3'],
    ['add', '/list/01'],
    ['add', '/list/-1'],
    ['add', '/list/x'],
    ['replace', '/list/-'],
    ['replace', '/list/2'],
    ['remove', '/list/1.0'],
    ['remove', '/list/length'],
    ['replace', '/name/0'],
    ['replace', '/object/toString'],
    ['add', '/object/a/b'],
    ['replace', '/__proto__/polluted'],
    ['add', '/constructor/prototype/polluted'],
  ];
  for (const [op, path] of paths) {
    const change = (op === 'remove' ? { op, path } : { op, path, value: 1 }) as Change;
    assert.equal(applyChanges(whole, [good, change]), null, `${op} ${path}`);
  }
  assert.deepEqual(applyChanges(whole, [good]), { ...whole, name: 'y' });
});
