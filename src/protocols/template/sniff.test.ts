import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from './sniff.ts';

test('TEMPLATE-10 the word and a blank are template, a beginning may become template, anything else is not', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const text of ['template ', 'template JOIN alice', 'template \n']) assert.equal(sniff(bytes(text)), 'yes', text);
  for (const text of ['', 'template'.slice(0, 1), 'template']) assert.equal(sniff(bytes(text)), 'more', text);
  for (const text of ['TEMPLATE ', 'templates', 'template\n', ' template ', 'GET /', 'c2/', '{', '\0'])
    assert.equal(sniff(bytes(text)), 'no', text);
});
