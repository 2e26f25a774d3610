import type { Refusal } from '../../core/model/refusals.ts';
import { lineProblems, refusalText } from '../refusal-text.ts';
import type { ResultCode } from './schema.ts';
import type { Outcome } from './replies.ts';

type Errors = {
  readonly [T in Refusal['type']]: readonly [ResultCode, (refusal: Extract<Refusal, { type: T }>) => string];
};

const errors: Errors = {
  'bad-name': [400, refusalText], // TAG-11
  'bad-text': [400, refusalText], // TAG-11
  'bad-display-name': [400, ({ problem }) => `this display name ${lineProblems[problem]}`], // TAG-11
  'bad-status': [400, ({ problem }) => `this status ${lineProblems[problem]}`], // TAG-11
  'bad-password': [400, () => 'this password cannot be used'],
  'bad-time': [400, refusalText],
  'nonce-used': [400, () => 'this nonce was used for something else'],
  'wrong-credentials': [401, refusalText], // TAG-42
  banned: [403, refusalText], // TAG-36
  muted: [403, refusalText],
  'name-taken': [403, refusalText],
  'name-registered': [403, refusalText],
  'display-name-taken': [403, refusalText],
  'name-fixed': [403, refusalText],
  'not-allowed': [403, refusalText],
  'not-member': [403, () => 'you are not a member of this group'],
  guest: [403, () => 'guests cannot do that, and it cannot be done to them'],
  yourself: [403, () => 'you cannot do that to yourself'],
  'registration-closed': [403, () => 'nobody can register here'],
  'login-switched-off': [403, () => 'passwords are not taken on this connection'],
  'too-many': [403, ({ what }) => `you have too many ${what}`],
  'server-full': [403, refusalText],
  conflict: [403, refusalText],
  'too-many-edits': [403, refusalText],
  'not-found': [404, () => 'there is nobody and nothing of this name'], // TAG-37
  unavailable: [500, refusalText], // TAG-38
  unreachable: [501, () => 'the one it is for cannot get it'], // TAG-73
  busy: [503, () => 'too many are being served, try again later'],
  'too-fast': [503, () => 'too fast'],
  stopping: [503, refusalText], // TAG-28
};

/** The result and the text of a refusal (TAG-35). */
export function outcomeOf<T extends Refusal['type']>(refusal: Extract<Refusal, { type: T }>): Outcome {
  const [result, textOf]: Errors[T] = errors[refusal.type];
  return { result, result_message: textOf(refusal), ...retryAfter(refusal) };
}

function retryAfter(refusal: Refusal): { retry_after?: number } {
  if (refusal.type === 'busy') return { retry_after: 1 }; // TAG-27
  if (refusal.type !== 'too-fast') return {}; // TAG-27
  return { retry_after: Math.max(1, Math.ceil(refusal.retryAfterMs / 1000)) };
}
