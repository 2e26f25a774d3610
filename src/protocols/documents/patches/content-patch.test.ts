import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { contentPatch } from './content-patch.ts';
import { smaller } from './smaller.ts';

test('DOC-65 the changes of single fields, with pointers that name them', () => {
  const before = { name: 'a', presence: 'online', tags: [1, 2], 'x/y~z': 1, gone: null };
  const after = { presence: 'offline', name: 'a', tags: [1, 2], 'x/y~z': 2, status: 'away' };
  assert.deepEqual(contentPatch(before, after), [
    { op: 'remove', path: '/gone' },
    { op: 'replace', path: '/presence', value: 'offline' },
    { op: 'replace', path: '/x~1y~0z', value: 2 },
    { op: 'add', path: '/status', value: 'away' },
  ]);
  assert.deepEqual(contentPatch(before, { ...before, name: 'b' }, '/7'), [
    { op: 'replace', path: '/7/name', value: 'b' },
  ]);
  assert.deepEqual(contentPatch(before, structuredClone(before)), []);
});

test('DOC-65 the patch turns one content into the other, for an independent implementation', () => {
  const field = fc.constantFrom('a', 'b/', '~c', '~1', '', 'toString', '\u00fc\n', '0');
  const content = fc.dictionary(field, fc.oneof(fc.constantFrom(null, true, 0, 'x'), fc.jsonValue({ maxDepth: 2 })), {
    noNullPrototype: true,
    maxKeys: 8,
  });
  fc.assert(
    fc.property(content, content, (before, after) => {
      const document = structuredClone(before);
      for (const result of applyPatch(document, contentPatch(before, after))) assert.equal(result, null);
      assert.deepEqual(JSON.parse(JSON.stringify(document)), JSON.parse(JSON.stringify(after)));
    }),
    { numRuns: 300 },
  );
});

test('DOC-64 the full answer is sent if it has fewer bytes, not characters', () => {
  assert.equal(smaller('full', 'patch'), 'full');
  assert.equal(smaller('whole', 'patch'), 'patch');
  assert.equal(smaller('the whole', 'patch'), 'patch');
  assert.equal(smaller('ééé', 'patch'), 'patch');
  assert.equal(smaller('éé', 'patch'), 'éé');
});
