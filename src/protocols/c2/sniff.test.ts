import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from './sniff.ts';

test('C2-12 c2/ is c2, a beginning of it may become c2, anything else is not c2', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const text of ['c2/', 'c2/CONNECT alice', 'c2/\n']) assert.equal(sniff(bytes(text)), 'yes', text);
  for (const text of ['', 'c', 'c2']) assert.equal(sniff(bytes(text)), 'more', text);
  for (const text of ['C2/', 'c3', 'c2\n', 'x', 'cc2/', '{', ' c2/']) assert.equal(sniff(bytes(text)), 'no', text);
});
