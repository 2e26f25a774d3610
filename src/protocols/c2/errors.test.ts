import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../../testing/all-refusals.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { refused } from './errors.ts';

test('C2-22 C2-60 every refusal is an error with its text', () => {
  const ownText = 'this name belongs to an account: c2/CONNECT name; password';
  const textOf = (refusal: Refusal) => (refusal.type === 'name-registered' ? ownText : refusalText(refusal));
  assert.ok(ownText.length <= 64);
  for (const refusal of allRefusals) assert.deepEqual(refused(refusal), { type: 'ERROR', reason: textOf(refusal) });
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
