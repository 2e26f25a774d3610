import { protocols } from '../../src/protocols/index.ts';
import type { Driver } from './driver.ts';
import * as registry from './registry.ts';

const known: readonly Driver[] = Object.values(registry);

/** A driver for every protocol of the server, in the order of these; a test fails while one is missing. */
export const drivers: readonly Driver[] = protocols.flatMap(
  ({ name }) => known.find(({ protocol }) => protocol === name) ?? [],
);
