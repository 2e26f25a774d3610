import type { NameProblem, Refusal, TextProblem } from '../../core/refusals.ts';

const nameProblems: { readonly [P in NameProblem]: string } = {
  empty: 'a name cannot be empty',
  'too-long': 'a name has at most 32 characters',
  reserved: 'this name is reserved, nobody can bear it',
  character: 'a name cannot hold such characters',
  direction: 'a name cannot mix writing directions like this',
  context: 'a name cannot hold such a character at this place',
};

const textProblems: { readonly [P in TextProblem]: string } = {
  empty: 'the reason is empty',
  'too-long': 'the reason is too long',
  control: 'the reason holds control characters',
  encoding: 'the reason is no valid text',
};

/** A refusal in words for the one who runs the server. */
export function wordsFor(refusal: Refusal): string {
  switch (refusal.type) {
    case 'bad-name':
      return nameProblems[refusal.problem];
    case 'bad-text':
      return textProblems[refusal.problem];
    case 'name-taken':
      return 'this name is taken';
    case 'name-fixed':
      return 'this name cannot be changed';
    case 'banned':
      return `banned: ${refusal.reason}`;
    case 'muted':
      return 'muted';
    case 'not-found':
      return 'not found';
    case 'not-allowed':
      return 'not allowed';
    case 'too-many-edits':
      return 'this message was edited too often';
    case 'too-fast':
      return 'too fast';
    case 'unavailable':
      return 'the server cannot write to its disk now, nothing was changed; see its log';
    case 'stopping':
      return 'the server is stopping, nothing was changed';
  }
}

/** A moment in words, in UTC; null is for ever. */
export function until(moment: number | null): string {
  return moment === null ? 'for good' : `until ${stamp(moment)}`;
}

/** A moment to the second, in UTC. */
export function stamp(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
