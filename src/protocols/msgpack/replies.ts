import type { Down } from './schema.ts';

/** The answer to a wrong name, password or token. Client libraries recognise this text. */
export const WRONG_CREDENTIALS = 'wrong name, password or token';

/** The response to a request that succeeded. */
export const succeeded: Down = { type: 'response true' };

/** The response to a request that failed. */
export function failed(reason: string): Down {
  return { type: 'response false', reason };
}
