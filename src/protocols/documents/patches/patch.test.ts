import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyPatch as oracle } from 'rfc6902';
import { sameJson } from '../../../lib/same-json.ts';
import type { JsonObject } from '../../json-frames.ts';
import { type Operation, readPatch } from './operations.ts';
import { applyPatch } from './patch.ts';

const user = {
  status: 'hello',
  presence: 'online',
  tags: ['a', 'b'],
  nested: { deep: [{ x: 1 }] },
  empty: null,
  '': 1,
};
const all = new Set([...Object.keys(user), 'new', 'a/b', 'm~n', '0']);

function patched(content: JsonObject, patch: unknown, writable: ReadonlySet<string> = all) {
  const operations = readPatch(patch);
  assert.ok(operations.ok, JSON.stringify(patch));
  const result = applyPatch(content, operations.value, writable);
  return result.ok ? Object.fromEntries(result.value) : result.error;
}

test('DOC-50 DOC-55 DOC-57 DOC-59 a patch, or one operation by itself, gives the fields that it changed', () => {
  const cases: readonly (readonly [unknown, object])[] = [
    [[], {}],
    [{ op: 'replace', path: '/status', value: 'away' }, { status: 'away' }],
    [[{ op: 'add', path: '/status', value: null }], { status: null }],
    [[{ op: 'add', path: '/new', value: { a: [1] } }], { new: { a: [1] } }],
    [
      [
        { op: 'add', path: '/a~1b', value: 1 },
        { op: 'add', path: '/m~0n', value: 2 },
      ],
      { 'a/b': 1, 'm~n': 2 },
    ],
    [[{ op: 'remove', path: '/status' }], { status: undefined }],
    [[{ op: 'replace', path: '/', value: 2 }], { '': 2 }],
    [[{ op: 'replace', path: '/empty', value: 1 }], { empty: 1 }],
    [[{ op: 'remove', path: '/tags/0' }], { tags: ['b'] }],
    [[{ op: 'add', path: '/tags/1', value: 'x' }], { tags: ['a', 'x', 'b'] }],
    [[{ op: 'add', path: '/tags/2', value: 'x' }], { tags: ['a', 'b', 'x'] }],
    [[{ op: 'add', path: '/tags/-', value: ['x'] }], { tags: ['a', 'b', ['x']] }],
    [[{ op: 'replace', path: '/nested/deep/0/x', value: 2 }], { nested: { deep: [{ x: 2 }] } }],
    [[{ op: 'add', path: '/0', value: 1 }], { 0: 1 }],
    [[{ op: 'replace', path: '/status', value: 'hello' }], {}],
    [
      [
        { op: 'remove', path: '/empty' },
        { op: 'add', path: '/empty', value: null },
      ],
      {},
    ],
    [[{ op: 'replace', path: '/status', value: 'a', unknown: 1 }], { status: 'a' }],
    [
      [
        { op: 'add', path: '/new', value: [] },
        { op: 'add', path: '/new/-', value: 1 },
        { op: 'test', path: '/new', value: [1] },
      ],
      { new: [1] },
    ],
  ];
  for (const [patch, changed] of cases) assert.deepEqual(patched(user, patch), changed, JSON.stringify(patch));
});

test('DOC-56 DOC-57 what cannot be applied to the content as it is, is a conflict', () => {
  const missing = [
    '/absent',
    '/absent/x',
    '/status/0',
    '/status/length',
    '/tags/2',
    '/tags/-',
    '/tags/01',
    '/tags/1e0',
    '/tags/-1',
    '/tags/length',
    '/tags/',
    '/tags/x',
    '/toString',
    '/valueOf/name',
    '/nested/toString',
    '/empty/x',
  ];
  const writable = new Set([...all, 'absent', 'toString', 'valueOf']);
  for (const path of missing) {
    assert.equal(patched(user, { op: 'remove', path }, writable), 'conflict', path);
    assert.equal(patched(user, { op: 'replace', path, value: 1 }, writable), 'conflict', path);
    assert.equal(patched(user, { op: 'test', path, value: 1 }, writable), 'conflict', path);
  }
  for (const path of ['/absent/x', '/status/0', '/tags/3', '/tags/01', '/tags/-1', '/tags/x', '/tags/-/x', '/empty/x'])
    assert.equal(patched(user, { op: 'add', path, value: 1 }, writable), 'conflict', path);
});

test('DOC-56 a test compares values as JSON does', () => {
  const passing: readonly (readonly [string, unknown])[] = [
    ['/status', 'hello'],
    ['/empty', null],
    ['/nested', { deep: [{ x: 1.0 }] }],
    ['/tags', ['a', 'b']],
    ['', Object.fromEntries(Object.entries(structuredClone(user)).toReversed())],
  ];
  for (const [path, value] of passing) assert.deepEqual(patched(user, { op: 'test', path, value }), {}, path);
  const failing: readonly (readonly [string, unknown])[] = [
    ['/status', 'Hello'],
    ['/empty', false],
    ['/tags', ['b', 'a']],
    ['/tags', { 0: 'a', 1: 'b' }],
    ['/nested', { deep: [{ x: '1' }] }],
    ['', {}],
    ['/absent', null],
  ];
  for (const [path, value] of failing) assert.equal(patched(user, { op: 'test', path, value }), 'conflict', path);
});

test('DOC-54 T5 only fields on the list are written, also by a part of them; tests may look at every field', () => {
  const writable = new Set(['status']);
  for (const op of ['add', 'replace', 'remove'])
    for (const path of ['', '/presence', '/tags/0', '/nested/deep', '/', '/Status', '/status~1', '/new'])
      assert.equal(patched(user, { op, path, value: 'x' }, writable), 'not-allowed', `${op} ${path}`);
  const write = { op: 'replace', path: '/status', value: 'x' };
  assert.equal(patched(user, [write, { op: 'remove', path: '/presence' }], writable), 'not-allowed');
  assert.deepEqual(patched(user, [{ op: 'test', path: '/presence', value: 'online' }, write], writable), {
    status: 'x',
  });
  assert.deepEqual(patched({ status: { a: 1 } }, { op: 'remove', path: '/status/a' }, writable), { status: {} });
});

test('DOC-50 DOC-51 DOC-52 DOC-53 T4 T5 patches that are refused before anything is looked at', () => {
  const add = { op: 'add', path: '/status', value: 1 };
  const levels = (count: number) => '/a'.repeat(count);
  const bad: readonly unknown[] = [
    null,
    1,
    'add',
    true,
    [null],
    [[add]],
    [add, 'x'],
    {},
    [{}],
    { op: 'move', from: '/status', path: '/new' },
    { op: 'copy', from: '/status', path: '/new' },
    { op: 'Add', path: '/status', value: 1 },
    { op: ['add'], path: '/status', value: 1 },
    { op: 'toString', path: '/status', value: 1 },
    { op: 'add', value: 1 },
    { op: 'add', path: null, value: 1 },
    { op: 'add', path: ['status'], value: 1 },
    { op: 'add', path: 'status', value: 1 },
    { op: 'add', path: 'x/status', value: 1 },
    { op: 'add', path: '/a~', value: 1 },
    { op: 'add', path: '/a~2', value: 1 },
    { op: 'add', path: `/${'x'.repeat(256)}`, value: 1 },
    { op: 'add', path: levels(17), value: 1 },
    ...['/__proto__', '/__proto__/x', '/constructor/prototype', '/status/prototype'].flatMap((path) => [
      { op: 'add', path, value: 1 },
      { op: 'remove', path },
      { op: 'test', path, value: 1 },
    ]),
    { op: 'add', path: '/status' },
    { op: 'replace', path: '/status' },
    { op: 'test', path: '/status' },
    [{ op: 'replace', path: '/presence', 0: 'offline' }],
    Array.from({ length: 65 }, () => add),
  ];
  for (const patch of bad) {
    const read = readPatch(patch);
    assert.ok(!read.ok, JSON.stringify(patch));
    assert.match(read.error, /^[a-z][a-z0-9 ]{1,63}$/);
  }
  const good: readonly unknown[] = [
    { op: 'add', path: levels(16), value: 1 },
    { op: 'add', path: `/${'x'.repeat(255)}`, value: undefined },
    { op: 'remove', path: '' },
    Array.from({ length: 64 }, () => add),
  ];
  for (const patch of good) assert.ok(readPatch(patch).ok, JSON.stringify(patch));
});

test('DOC-58 T5 the result has at most 65,536 bytes', () => {
  const grow = (length: number) =>
    patched({ text: '' }, { op: 'replace', path: '/text', value: 'é'.repeat(length) }, new Set(['text']));
  assert.equal(typeof grow((65_536 - '{"text":""}'.length - 1) / 2), 'object');
  assert.equal(grow((65_536 - '{"text":""}'.length + 1) / 2), 'too-large');
});

const anyName = fc.constantFrom('a', 'b', '0', '1', '-', '', 'toString', 'length', '~1', '~0');
const anyPath = fc.array(anyName, { maxLength: 3 }).map((names) => names.map((name) => `/${name}`).join(''));
const anyValue = fc.oneof(fc.constantFrom(null, 1, 'a', [], [1, 2], { a: 1 }), fc.jsonValue({ maxDepth: 2 }));
const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: fc.constant('remove' as const), path: anyPath }, { noNullPrototype: true }),
  fc.record(
    { op: fc.constantFrom('add' as const, 'replace' as const, 'test' as const), path: anyPath, value: anyValue },
    { noNullPrototype: true },
  ),
);
const anyContent = fc.dictionary(fc.constantFrom('a', 'b', '0', ''), anyValue, { noNullPrototype: true });

test('DOC-55 DOC-57 T5 any patch gives what the package makes of it, or is not applied, and leaves every byte of the content', () => {
  const outcomes = { applied: 0, refused: 0 };
  const check = (content: JsonObject, operations: readonly Operation[]) => {
    const written = JSON.stringify(content);
    const result = applyPatch(content, operations, new Set(['a', 'b', '0', '', '-', 'length', 'toString', '/', '~']));
    assert.equal(JSON.stringify(content), written);
    outcomes[result.ok ? 'applied' : 'refused'] += 1;
    if (!result.ok) return;
    const expected = structuredClone(content);
    for (const problem of oracle(expected, structuredClone([...operations]))) assert.equal(problem, null);
    const changed = Object.fromEntries(result.value);
    assert.ok(sameJson(JSON.parse(JSON.stringify({ ...content, ...changed })), expected), JSON.stringify(operations));
  };
  fc.assert(fc.property(anyContent, fc.array(anyOperation, { maxLength: 4 }), check), { numRuns: 2000, seed: 1 });
  assert.ok(outcomes.applied > 300 && outcomes.refused > 300, JSON.stringify(outcomes));
});

test('DOC-51 T4 T5 anything is read as a patch or refused, and never throws', () => {
  const part = fc.oneof(anyOperation, fc.jsonValue({ maxDepth: 2 }));
  const check = (patch: unknown) => {
    const read = readPatch(patch);
    if (read.ok) applyPatch(user, read.value, all);
    else assert.ok(read.error.length <= 64);
  };
  fc.assert(fc.property(fc.oneof(part, fc.array(part, { maxLength: 3 })), check), { numRuns: 1000 });
});

test('T6 comparing long arrays costs no more than reading them', () => {
  const zeros = Array.from({ length: 12_000 }, () => 0);
  const patch = [
    { op: 'add', path: '/status', value: zeros },
    { op: 'test', path: '/status', value: zeros.with(11_999, 1) },
  ];
  assert.equal(patched(user, patch), 'conflict');
});
