import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../../core/model/refusals.ts';
import type { TextProblem } from '../../core/text/text.ts';
import type { NameProblem } from '../../core/text/names/parse.ts';
import { outcomeOf } from './errors.ts';

const nameProblems: NameProblem[] = ['empty', 'too-long', 'reserved', 'character', 'direction', 'context'];
const textProblems: TextProblem[] = ['empty', 'too-long', 'control', 'encoding'];
const lineProblems: TextProblem[] = ['empty', 'too-long', 'control', 'encoding'];

const byResult: { readonly [result: number]: readonly Refusal[] } = {
  400: [
    ...nameProblems.map((problem) => ({ type: 'bad-name', problem }) as const),
    ...textProblems.map((problem) => ({ type: 'bad-text', problem }) as const),
    ...lineProblems.map((problem) => ({ type: 'bad-display-name', problem }) as const),
    ...lineProblems.map((problem) => ({ type: 'bad-status', problem }) as const),
    { type: 'bad-password' },
    { type: 'nonce-used' },
  ],
  401: [{ type: 'wrong-credentials' }],
  403: [
    { type: 'banned', reason: 'spam' },
    { type: 'muted' },
    { type: 'name-taken' },
    { type: 'name-registered' },
    { type: 'display-name-taken' },
    { type: 'name-fixed' },
    { type: 'not-allowed' },
    { type: 'not-member' },
    { type: 'guest' },
    { type: 'yourself' },
    { type: 'registration-closed' },
    { type: 'login-switched-off' },
    { type: 'too-many', what: 'contacts' },
    { type: 'too-many', what: 'rooms' },
    { type: 'conflict' },
    { type: 'too-many-edits' },
  ],
  404: [{ type: 'not-found' }],
  500: [{ type: 'unavailable' }],
  501: [{ type: 'unreachable' }],
  503: [{ type: 'busy' }, { type: 'too-fast', retryAfterMs: 1 }, { type: 'stopping' }],
};

test('TAG-11 TAG-32 TAG-35 TAG-36 TAG-37 TAG-38 TAG-42 TAG-73 every refusal has its result, and its own text in one short line', () => {
  const said = new Set<string>();
  let count = 0;
  for (const [result, refusals] of Object.entries(byResult)) {
    for (const refusal of refusals) {
      const outcome = outcomeOf(refusal);
      assert.equal(outcome.result, Number(result), refusal.type);
      assert.match(outcome.result_message, /^[a-z][\x20-\x7e]{1,63}$/);
      said.add(outcome.result_message);
      count += 1;
    }
  }
  assert.equal(said.size, count);
});

test('TAG-27 only refusals that pass have retry_after, in whole seconds, never 0', () => {
  const after = (retryAfterMs: number) => outcomeOf({ type: 'too-fast', retryAfterMs }).retry_after;
  assert.deepEqual([after(0), after(1), after(1000), after(1001), after(86_400_000)], [1, 1, 1, 2, 86_400]);
  assert.equal(outcomeOf({ type: 'busy' }).retry_after, 1);
  const others = Object.values(byResult)
    .flat()
    .filter(({ type }) => type !== 'busy' && type !== 'too-fast');
  for (const refusal of others) assert.ok(!('retry_after' in outcomeOf(refusal)), refusal.type);
});

test('TAG-35 a ban has its reason', () => {
  assert.equal(outcomeOf({ type: 'banned', reason: 'spam; again' }).result_message, 'banned: spam; again');
});
