import type { Refusal } from '../src/core/model/refusals.ts';
import type { TextProblem } from '../src/core/text/text.ts';
import type { NameProblem } from '../src/core/text/names/parse.ts';

const nameProblems: NameProblem[] = ['empty', 'too-long', 'reserved', 'character', 'direction', 'context'];
const textProblems: TextProblem[] = ['empty', 'too-long', 'control', 'encoding'];

/** Every refusal with every problem. */
export const allRefusals: readonly Refusal[] = [
  ...nameProblems.map((problem) => ({ type: 'bad-name', problem }) as const),
  ...textProblems.map((problem) => ({ type: 'bad-text', problem }) as const),
  ...textProblems.map((problem) => ({ type: 'bad-status', problem }) as const),
  { type: 'name-taken' },
  { type: 'name-registered' },
  { type: 'display-name-taken' },
  { type: 'name-fixed' },
  { type: 'bad-password' },
  { type: 'bad-time' },
  { type: 'wrong-credentials' },
  { type: 'busy' },
  { type: 'registration-closed' },
  { type: 'login-switched-off' },
  { type: 'banned', reason: 'spam; again' },
  { type: 'muted' },
  { type: 'not-found' },
  { type: 'not-allowed' },
  { type: 'not-member' },
  { type: 'guest' },
  { type: 'yourself' },
  { type: 'unreachable' },
  { type: 'too-many', what: 'contacts' },
  { type: 'too-many', what: 'rooms' },
  { type: 'too-many', what: 'invitations' },
  { type: 'server-full', what: 'accounts' },
  { type: 'nonce-used' },
  { type: 'conflict' },
  { type: 'too-many-edits' },
  { type: 'too-fast', retryAfterMs: 86_400_000 },
  { type: 'unavailable' },
  { type: 'stopping' },
];
