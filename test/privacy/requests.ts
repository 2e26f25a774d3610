import { protocols } from '../../src/protocols/index.ts';
import type { Asking } from './protocol-requests.ts';
import * as registry from './registry.ts';

const known: readonly Asking[] = Object.values(registry);

/** One for every protocol of the server, in the order of these; tests fail while one is missing. */
export const askings: readonly Asking[] = protocols.flatMap(
  ({ name }) => known.find(({ protocol }) => protocol === name) ?? [],
);

/** What is known of this protocol; throws where nothing is. */
export function askingOf(protocol: string): Asking {
  const asking = askings.find((one) => one.protocol === protocol);
  if (asking === undefined) throw new Error(`nobody knows what ${protocol} can be asked`);
  return asking;
}
