import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NameProblem, Refusal, TextProblem } from '../../core/refusals.ts';
import { wordsFor } from './errors.ts';

const nameProblems: NameProblem[] = ['empty', 'too-long', 'reserved', 'character', 'direction', 'context'];
const textProblems: TextProblem[] = ['empty', 'too-long', 'control', 'encoding'];
const refusals: Refusal[] = [
  ...nameProblems.map((problem) => ({ type: 'bad-name', problem }) as const),
  ...textProblems.map((problem) => ({ type: 'bad-text', problem }) as const),
  { type: 'name-taken' },
  { type: 'name-fixed' },
  { type: 'muted' },
  { type: 'not-found' },
  { type: 'not-allowed' },
  { type: 'too-many-edits' },
  { type: 'too-fast', retryAfterMs: 86_400_000 },
  { type: 'unavailable' },
  { type: 'stopping' },
];

test('C2-60 every refusal has words of its own, in one short line', () => {
  const words = refusals.map((refusal) => wordsFor(refusal));
  assert.equal(new Set(words).size, refusals.length);
  for (const said of words) assert.match(said, /^[a-z][\x20-\x7e]{1,63}$/);
  assert.equal(wordsFor({ type: 'too-fast', retryAfterMs: 1 }), 'too fast, try again in 1 s');
});

test('C2-61 who is banned is told why', () => {
  assert.equal(wordsFor({ type: 'banned', reason: 'spam; again' }), 'banned: spam; again');
});

test('C2-62 a server that stops says so', () => {
  assert.equal(wordsFor({ type: 'stopping' }), 'server is stopping');
});
