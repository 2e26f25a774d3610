import type { Down } from './schema.ts';

/** What is said of a name with a wrong password or token, whichever of them is wrong: client libraries know it by these words. */
export const WRONG_CREDENTIALS = 'wrong name, password or token';

/** The response that has nothing to say but yes. */
export const succeeded: Down = { type: 'response true' };

/** The response that says no, and why. */
export function failed(reason: string): Down {
  return { type: 'response false', reason };
}
