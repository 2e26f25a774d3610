import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEmoji } from './emoji.ts';

test('WEB-66 emoji are found by the beginnings of their names in both languages', () => {
  const found = (query: string) => findEmoji(query).map(({ emoji }) => emoji);
  assert.ok(found('thumbs up').includes('👍'));
  assert.ok(found('daumen HOCH').includes('👍'));
  assert.ok(found('rak').includes('🚀'));
  assert.deepEqual(found('xyzzy'), []);
});

test('WEB-66 each emoji is there once and has a name in each language', () => {
  const all = findEmoji('');
  assert.ok(all.length > 250);
  assert.equal(new Set(all.map(({ emoji }) => emoji)).size, all.length);
  for (const { emoji, names } of all) assert.ok(names.length === 2 && names.every((name) => name !== ''), emoji);
});
