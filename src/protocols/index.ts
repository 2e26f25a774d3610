import { c2 } from './c2/index.ts';
import type { Protocol } from './protocol.ts';
import { tagged } from './tagged/index.ts';

/** Every wire this server speaks, one line each. */
export const protocols: readonly Protocol[] = [c2, tagged];
