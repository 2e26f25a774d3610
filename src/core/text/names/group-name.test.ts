import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { groupNamesFor } from './group-name.ts';

const namesFor = (text: string | null) => groupNamesFor(text, 7).map(({ spelling }) => spelling);

test('WORLD-133 a group name is the display name with - for what names may not have, then with numbers, then the id', () => {
  assert.deepEqual(namesFor('Tea & cake'), [
    'Tea-&-cake',
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `Tea-&-cake-${number}`),
    'room-7',
  ]);
  const [first] = namesFor(' [a/b]; ~c, ');
  assert.equal(first, 'a-b-c');
  assert.equal(namesFor('lobby')[0], 'lobby-2');
  for (const text of [null, '', ' ;, ', '\u200b']) assert.deepEqual(namesFor(text), ['room-7']);
  const long = namesFor('x'.repeat(64));
  assert.deepEqual([long[0], long[1]], ['x'.repeat(32), `${'x'.repeat(30)}-2`]);
});

test('WORLD-133 whatever the display name, there is a name, and all fit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => {
      const names = namesFor(text);
      assert.equal(names.at(-1), 'room-7');
      assert.ok(names.every((name) => [...name].length <= 32));
    }),
  );
});
