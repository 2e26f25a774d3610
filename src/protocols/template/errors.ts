import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import type { Down } from './schema.ts';

/** The answer to what cannot be done, and why. */
export function failed(reason: string): Down {
  return { type: 'FAILED', reason };
}

/** The same for what the world refuses. A wire with codes of its own has a table here; the compiler wants all refusals in it. */
export function refused(refusal: Refusal): Down {
  return failed(refusalText(refusal)); // TEMPLATE-40
}
