import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import type { Down } from './schema.ts';

/** The `c2/ERROR` for a refusal; there are words for every one. */
export function refused(refusal: Refusal): Down {
  return { type: 'ERROR', reason: refusalText(refusal) }; // C2-60 C2-61 C2-62
}
