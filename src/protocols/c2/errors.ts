import type { Refusal } from '../../core/refusals.ts';
import { lineWords, nameWords, textWords } from '../words.ts';

type Words = { readonly [T in Refusal['type']]: (refusal: Extract<Refusal, { type: T }>) => string };

const words: Words = {
  'bad-name': ({ problem }) => nameWords[problem],
  'name-taken': () => 'this name is taken',
  'name-fixed': () => 'the name of an account cannot be changed',
  'bad-text': ({ problem }) => textWords[problem],
  'bad-display-name': ({ problem }) => `this ${lineWords[problem]}`,
  'bad-status': ({ problem }) => `this ${lineWords[problem]}`,
  'bad-password': () => 'this cannot be a password',
  'wrong-credentials': () => 'wrong name or password',
  busy: () => 'too many are logging in, try again in a moment',
  'registration-closed': () => 'this server makes no new accounts',
  'login-switched-off': () => 'logging in this way is switched off',
  banned: ({ reason }) => `banned: ${reason}`, // C2-61
  muted: () => 'you are muted',
  'not-found': () => 'there is nothing of that name',
  'not-allowed': () => 'you may not do that',
  'not-member': () => 'you are not a member',
  guest: () => 'guests may not do that',
  yourself: () => 'that is yourself',
  unreachable: () => 'that person cannot be sent direct messages',
  'too-many': ({ what }) => `too many ${what}`,
  'nonce-used': () => 'this was sent before with other contents',
  'too-many-edits': () => 'this message was edited too often',
  'too-fast': ({ retryAfterMs }) => `too fast, try again in ${Math.ceil(retryAfterMs / 1000)} s`,
  unavailable: () => 'storage is unavailable, try again later',
  stopping: () => 'server is stopping', // C2-62
};

/** What `c2/ERROR` says about a refusal; there are words for every one (C2-60). */
export function wordsFor<T extends Refusal['type']>(refusal: Extract<Refusal, { type: T }>): string {
  const say: Words[T] = words[refusal.type];
  return say(refusal);
}
