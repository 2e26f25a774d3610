import { c2 } from './c2/index.ts';
import type { Protocol } from './protocol.ts';

/** Every wire this server speaks, one line each. */
export const protocols: readonly Protocol[] = [c2];
