import type { Protocol } from './protocol.ts';
import * as registry from './registry.ts';

/** Every protocol that this server speaks. */
export const protocols: readonly Protocol[] = Object.values(registry);
