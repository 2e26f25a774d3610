import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from './sniff.ts';

test('SKELETON-10 the word and a blank are ours, a beginning of it may be, anything else is not', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const text of ['skeleton ', 'skeleton JOIN alice', 'skeleton \n']) assert.equal(sniff(bytes(text)), 'yes', text);
  for (const text of ['', 'skeleton'.slice(0, 1), 'skeleton']) assert.equal(sniff(bytes(text)), 'more', text);
  for (const text of ['SKELETON ', 'skeletons', 'skeleton\n', ' skeleton ', 'GET /', 'c2/', '{', '\0'])
    assert.equal(sniff(bytes(text)), 'no', text);
});
