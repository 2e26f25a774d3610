import type { LineProblem, NameProblem, Refusal, TextProblem } from '../../core/model/refusals.ts';

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

const lineProblems: { readonly [P in LineProblem]: string } = {
  empty: 'is empty',
  'too-long': 'has at most 64 characters',
  control: 'cannot hold such characters',
  encoding: 'is no valid text',
};

/** A refusal in words for the one who runs the server. */
export function wordsFor(refusal: Refusal): string {
  switch (refusal.type) {
    case 'bad-name':
      return nameProblems[refusal.problem];
    case 'bad-text':
      return textProblems[refusal.problem];
    case 'bad-display-name':
      return `a display name ${lineProblems[refusal.problem]}`;
    case 'bad-status':
      return `a status ${lineProblems[refusal.problem]}`;
    case 'bad-password':
      return 'a password has 1 to 1024 bytes';
    case 'wrong-credentials':
      return 'the name or the password is wrong';
    case 'busy':
      return 'the server is busy with passwords, nothing was changed; try again in a moment';
    case 'registration-closed':
      return 'nobody may register';
    case 'login-switched-off':
      return 'nobody may log in like this';
    case 'not-member':
      return 'not a member';
    case 'guest':
      return 'this is a guest, who has no account';
    case 'yourself':
      return 'that makes no sense with oneself';
    case 'unreachable':
      return 'that person cannot get it';
    case 'too-many':
      return `there are too many ${refusal.what} already`;
    case 'nonce-used':
      return 'the same was sent before with another text';
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
