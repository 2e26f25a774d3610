import { protocols } from '../../src/protocols/index.ts';
import type { Driver } from './driver.ts';
import * as registry from './registry.ts';

const registered: readonly Driver[] = Object.values(registry);

/** The drivers of all protocols, in the order of the server's list. A test fails while one is missing. */
export const drivers: readonly Driver[] = protocols.flatMap(
  ({ name }) => registered.find(({ protocol }) => protocol === name) ?? [],
);
