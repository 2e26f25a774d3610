import type { Refusal } from '../../core/refusals.ts';
import { refusalWords } from '../words.ts';
import type { Down } from './schema.ts';

/** The answer to what cannot be done, and why. */
export function failed(reason: string): Down {
  return { type: 'FAILED', reason };
}

/** The same for what the world refuses. A wire with codes of its own has a table here; the compiler wants all refusals in it. */
export function refused(refusal: Refusal): Down {
  return failed(refusalWords(refusal)); // SKELETON-40
}
