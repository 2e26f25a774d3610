import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import type { Down } from './schema.ts';

/** The answer to a request that failed. */
export function failed(reason: string): Down {
  return { type: 'FAILED', reason };
}

/** The answer to a refusal. A protocol with error codes has a table of all refusals here; the compiler checks it. */
export function refused(refusal: Refusal): Down {
  return failed(refusalText(refusal)); // TEMPLATE-40
}
