import type { Driver } from './driver.ts';
import { c2 } from './drivers/c2.ts';
import { tagged } from './drivers/tagged.ts';

/** A driver for every protocol of the server; a test fails while one is missing. */
export const drivers: readonly Driver[] = [c2, tagged];
