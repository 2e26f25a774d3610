import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../../testing/all-refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { refused } from './errors.ts';

test('CODE-60 every refusal is a status that says why', () => {
  for (const refusal of allRefusals) {
    const status = { success: false, 'error-msg': refusalText(refusal), 'success-msg': '' };
    assert.deepEqual(refused(refusal), status);
  }
});

test('CODE-61 who is banned is told why', () => {
  assert.equal(refused({ type: 'banned', reason: 'spam; again' })['error-msg'], 'banned: spam; again');
});

test('CODE-62 CODE-15 a server that stops says so, in a status like any other', () => {
  assert.deepEqual(refused({ type: 'stopping' }), {
    success: false,
    'error-msg': 'server is stopping',
    'success-msg': '',
  });
});
