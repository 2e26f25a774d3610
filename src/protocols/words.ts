import type { LineProblem, NameProblem, TextProblem } from '../core/refusals.ts';

/** What is wrong with a name, in words. */
export const nameWords: { readonly [P in NameProblem]: string } = {
  empty: 'this name is empty',
  'too-long': 'this name is longer than 32 characters',
  reserved: 'this name is reserved',
  character: 'this name has a character that names may not have',
  direction: 'this name mixes directions of writing',
  context: 'this name has a character that may not stand where it stands',
};

/** What is wrong with the text of a message. */
export const textWords: { readonly [P in TextProblem]: string } = {
  empty: 'this text is empty',
  'too-long': 'this text is too long',
  control: 'this text has control characters',
  encoding: 'this text is not well-formed Unicode',
};

/** What is wrong with a display name or a status; what it is stands before it, as in `this status`. */
export const lineWords: { readonly [P in LineProblem]: string } = {
  empty: 'is empty',
  'too-long': 'is longer than 64 characters',
  control: 'has control characters',
  encoding: 'is not well-formed Unicode',
};
