import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../../testing/all-refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { refused } from './errors.ts';

test('C2-60 every refusal is an error that says why', () => {
  for (const refusal of allRefusals)
    assert.deepEqual(refused(refusal), { type: 'ERROR', reason: refusalText(refusal) });
});

test('C2-61 who is banned is told why', () => {
  assert.deepEqual(refused({ type: 'banned', reason: 'spam; again' }), {
    type: 'ERROR',
    reason: 'banned: spam; again',
  });
});

test('C2-62 a server that stops says so', () => {
  assert.deepEqual(refused({ type: 'stopping' }), { type: 'ERROR', reason: 'server is stopping' });
});
