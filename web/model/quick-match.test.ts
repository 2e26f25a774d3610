import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickMatches } from './quick-match.ts';

function match(query: string, ...names: readonly string[]): readonly string[] {
  return quickMatches(query, names, (name) => [name]);
}

test('WEB-135 a name fits by its beginning, then by those of its words, by their first letters, and by a part', () => {
  assert.deepEqual(match('de', 'Modern', 'Demo', 'Big Demo', 'Dinner Every Day'), [
    'Demo',
    'Big Demo',
    'Dinner Every Day',
    'Modern',
  ]);
  assert.deepEqual(match('bi de', 'Big Demo', 'Demo Big', 'Big'), ['Big Demo', 'Demo Big']);
  assert.deepEqual(match('strasse', 'Lange Straße', 'Weg'), ['Lange Straße']);
  assert.deepEqual(match('x', 'Big Demo'), []);
});

test('WEB-135 without a query, and among names that fit equally well, the order stays', () => {
  assert.deepEqual(match(' ', 'b', 'a', 'c'), ['b', 'a', 'c']);
  assert.deepEqual(match('a', 'ab', 'aa', 'b'), ['ab', 'aa']);
  assert.deepEqual(
    quickMatches('ada', [['Countess', 'ada'], ['Bob']], (names) => names),
    [['Countess', 'ada']],
  );
});
