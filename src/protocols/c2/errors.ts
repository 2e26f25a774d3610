import type { LineProblem, NameProblem, Refusal, TextProblem } from '../../core/refusals.ts';

type Words = { readonly [T in Refusal['type']]: (refusal: Extract<Refusal, { type: T }>) => string };

const nameWords: { readonly [P in NameProblem]: string } = {
  empty: 'this name is empty',
  'too-long': 'this name is longer than 32 characters',
  reserved: 'this name is reserved',
  character: 'this name has a character that names may not have',
  direction: 'this name mixes directions of writing',
  context: 'this name has a character that may not stand where it stands',
};

const textWords: { readonly [P in TextProblem]: string } = {
  empty: 'this text is empty',
  'too-long': 'this text is too long',
  control: 'this text has control characters',
  encoding: 'this text is not well-formed Unicode',
};

const lineWords: { readonly [P in LineProblem]: string } = {
  empty: 'this is empty',
  'too-long': 'this is longer than 64 characters',
  control: 'this has control characters',
  encoding: 'this is not well-formed Unicode',
};

const words: Words = {
  'bad-name': ({ problem }) => nameWords[problem],
  'name-taken': () => 'this name is taken',
  'name-fixed': () => 'the name of an account cannot be changed',
  'bad-text': ({ problem }) => textWords[problem],
  'bad-display-name': ({ problem }) => lineWords[problem],
  'bad-status': ({ problem }) => lineWords[problem],
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
