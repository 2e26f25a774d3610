import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../../testing/all-refusals.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { refused } from './errors.ts';
import { failed } from './replies.ts';

/** The texts of msgpack that differ from those of other protocols. */
const own = new Map<Refusal['type'], string>([
  ['wrong-credentials', 'wrong name, password or token'],
  ['not-allowed', 'somebody else is logged in on this connection'],
  ['guest', 'guests cannot be contacts'],
]);

test('MSGP-60 every refusal is a response with its own text', () => {
  const texts = allRefusals.map((refusal) => own.get(refusal.type) ?? refusalText(refusal));
  assert.deepEqual(allRefusals.map(refused), texts.map(failed));
  assert.equal(new Set(texts).size, allRefusals.length);
  for (const said of own.values()) assert.match(said, /^[\x20-\x7e]{2,64}$/);
});

test('MSGP-61 T17 a wrong name, a wrong password and a wrong token have the same text', () => {
  assert.deepEqual(refused({ type: 'wrong-credentials' }), failed('wrong name, password or token'));
});

test('MSGP-62 a ban has its reason', () => {
  assert.deepEqual(refused({ type: 'banned', reason: 'spam; again' }), failed('banned: spam; again'));
});

test('MSGP-63 missing and hidden people and groups have the same text', () => {
  assert.deepEqual(refused({ type: 'not-found' }), failed('there is nothing of that name'));
});

test('MSGP-64 a stopping server says so', () => {
  assert.deepEqual(refused({ type: 'stopping' }), failed('server is stopping'));
});

test('MSGP-65 a failure is a response', () => {
  assert.deepEqual(failed('why'), { type: 'response false', reason: 'why' });
});
