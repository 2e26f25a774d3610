import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOver, trimmedText } from './text-size.ts';

test('WEB-75 the size of a text is that of its UTF-8', () => {
  const most = 16_384;
  assert.equal(bytesOver('a'.repeat(most)), 0);
  assert.equal(bytesOver('a'.repeat(most + 1)), 1);
  assert.equal(bytesOver('ä'.repeat(most / 2 + 3)), 6);
  assert.equal(bytesOver('😀'.repeat(most / 4)), 0);
  assert.ok(bytesOver('a') < -1_000);
});

test('WEB-62 a text is sent without empty lines before it and white space after it', () => {
  assert.equal(trimmedText('\n \n  code\n\n'), '  code');
  assert.equal(trimmedText('a\n\nb'), 'a\n\nb');
  assert.equal(trimmedText(' \n '), '');
});
