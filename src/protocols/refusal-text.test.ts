import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../testing/all-refusals.ts';
import { refusalText } from './refusal-text.ts';

test('every refusal has its own text, in one short line', () => {
  const texts = allRefusals.map((refusal) => refusalText(refusal));
  assert.equal(new Set(texts).size, allRefusals.length);
  for (const said of texts) assert.match(said, /^[a-z][\x20-\x7e]{1,63}$/);
});

test('seconds to wait are rounded up, and the reason of an operator is repeated unchanged', () => {
  assert.equal(refusalText({ type: 'too-fast', retryAfterMs: 1 }), 'too fast, try again in 1 s');
  assert.equal(refusalText({ type: 'banned', reason: 'spam; again' }), 'banned: spam; again');
});
