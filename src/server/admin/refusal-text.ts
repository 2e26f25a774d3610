import type { Refusal } from '../../core/model/refusals.ts';
import { lineProblems, refusalText } from '../../protocols/refusal-text.ts';

/** Tells the operator why a command was refused: as clients are told, unless an operator can know or do more. */
export function operatorText(refusal: Refusal): string {
  switch (refusal.type) {
    case 'bad-display-name':
      return `a display name ${lineProblems[refusal.problem]}`;
    case 'busy':
      return 'the server is busy with passwords, nothing was changed; try again in a moment';
    case 'guest':
      return 'this is a guest, who has no account';
    case 'name-taken':
    case 'name-registered':
      return 'this name is taken by a guest who is here, an account or a room, or looks like one of theirs (see `admin list` and `admin user list`). Let the guest leave first, or choose another name'; // SERVER-130
    case 'unavailable':
      return 'the server cannot write to its disk now, nothing was changed; see its log';
    case 'stopping':
      return 'the server is stopping, nothing was changed';
    default:
      return refusalText(refusal);
  }
}
