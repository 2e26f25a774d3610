import type { Refusal } from '../core/model/refusals.ts';
import type { TextProblem } from '../core/text/text.ts';
import type { NameProblem } from '../core/text/names/parse.ts';

const nameProblems: { readonly [P in NameProblem]: string } = {
  empty: 'this name is empty',
  'too-long': 'this name is longer than 32 characters',
  reserved: 'this name is reserved',
  character: 'this name has a character, or a blank, that names may not have',
  direction: 'this name mixes directions of writing',
  context: 'this name has a character that may not stand where it stands',
};

const textProblems: { readonly [P in TextProblem]: string } = {
  empty: 'this text is empty',
  'too-long': 'this text is too long',
  control: 'this text has control characters',
  encoding: 'this text is not well-formed Unicode',
};

/** What is wrong with a display name or a status. The caller writes the subject, such as `this status`. */
export const lineProblems: { readonly [P in TextProblem]: string } = {
  empty: 'is empty',
  'too-long': 'is longer than 64 characters',
  control: 'has control characters',
  encoding: 'is not well-formed Unicode',
};

type Texts = { readonly [T in Refusal['type']]: (refusal: Extract<Refusal, { type: T }>) => string };

const texts: Texts = {
  'bad-name': ({ problem }) => nameProblems[problem],
  'name-taken': () => 'this name is taken',
  'name-registered': () => 'this name belongs to an account: log in with its password',
  'display-name-taken': () => 'this display name is the name of another account',
  'name-fixed': () => 'the name of an account cannot be changed',
  'bad-text': ({ problem }) => textProblems[problem],
  'bad-display-name': ({ problem }) => `this ${lineProblems[problem]}`,
  'bad-status': ({ problem }) => `this ${lineProblems[problem]}`,
  'bad-time': () => 'this time has passed already',
  'bad-password': () => 'a password has 1 to 1024 bytes',
  'wrong-credentials': () => 'wrong name or password',
  busy: () => 'the server is busy, try again in a moment',
  'registration-closed': () => 'this server makes no new accounts',
  'login-switched-off': () => 'logging in this way is switched off',
  banned: ({ reason }) => `banned: ${reason}`,
  muted: () => 'you are muted',
  'not-found': () => 'there is nothing of that name',
  'not-allowed': () => 'you may not do that',
  'not-member': () => 'you are not a member',
  guest: () => 'guests may not do that',
  yourself: () => 'that is yourself',
  unreachable: () => 'that person cannot be sent direct messages',
  'too-many': ({ what }) => `too many ${what}`,
  'server-full': ({ what }) => `this server has as many ${what} as it can hold`,
  'nonce-used': () => 'this was sent before with other contents',
  conflict: () => 'this was changed meanwhile',
  'too-many-edits': () => 'this message was edited too often',
  'too-fast': ({ retryAfterMs }) => `too fast, try again in ${Math.ceil(retryAfterMs / 1000)} s`,
  unavailable: () => 'storage is unavailable, try again later',
  stopping: () => 'server is stopping',
};

/** The text of a refusal: at most 64 bytes, except for a reason that an operator wrote. */
export function refusalText<T extends Refusal['type']>(refusal: Extract<Refusal, { type: T }>): string {
  const textOf: Texts[T] = texts[refusal.type];
  return textOf(refusal);
}
