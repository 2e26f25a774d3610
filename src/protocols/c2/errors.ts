import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import type { Down } from './schema.ts';

/** The `c2/ERROR` with this reason. */
export function failed(reason: string): Down {
  return { type: 'ERROR', reason };
}

/** The `c2/ERROR` for a refusal; every refusal has a text. */
export function refused(refusal: Refusal): Down {
  if (refusal.type === 'name-registered') return failed('this name belongs to an account: c2/CONNECT name; password'); // C2-22
  return failed(refusalText(refusal)); // C2-60 C2-61 C2-62
}
