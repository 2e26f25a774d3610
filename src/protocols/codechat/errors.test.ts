import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../../testing/all-refusals.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { refused } from './errors.ts';

test('CODE-24 CODE-60 every refusal is a status with its text', () => {
  const ownText = 'this name belongs to an account: connect with the field password';
  const textOf = (refusal: Refusal) => (refusal.type === 'name-registered' ? ownText : refusalText(refusal));
  assert.ok(ownText.length <= 64);
  for (const refusal of allRefusals) {
    const status = { success: false, 'error-msg': textOf(refusal), 'success-msg': '' };
    assert.deepEqual(refused(refusal), status);
  }
});

test('CODE-61 a ban has its reason', () => {
  assert.equal(refused({ type: 'banned', reason: 'spam; again' })['error-msg'], 'banned: spam; again');
});

test('CODE-62 CODE-15 a stopping server says so, in an ordinary status', () => {
  assert.deepEqual(refused({ type: 'stopping' }), {
    success: false,
    'error-msg': 'server is stopping',
    'success-msg': '',
  });
});
