import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { failed } from './replies.ts';
import type { Status } from './schema.ts';

/** The status for a refusal; every refusal has a text. */
export function refused(refusal: Refusal): Status {
  if (refusal.type === 'name-registered')
    return failed('this name belongs to an account: connect with the field password'); // CODE-24
  return failed(refusalText(refusal)); // CODE-60 CODE-61 CODE-62
}
