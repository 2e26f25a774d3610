import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../../testing/all-refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { refused } from './errors.ts';

test('C2-60 every refusal is an error with its text', () => {
  for (const refusal of allRefusals)
    assert.deepEqual(refused(refusal), { type: 'ERROR', reason: refusalText(refusal) });
});

test('C2-61 a ban has its reason', () => {
  assert.deepEqual(refused({ type: 'banned', reason: 'spam; again' }), {
    type: 'ERROR',
    reason: 'banned: spam; again',
  });
});

test('C2-62 a stopping server says so', () => {
  assert.deepEqual(refused({ type: 'stopping' }), { type: 'ERROR', reason: 'server is stopping' });
});
