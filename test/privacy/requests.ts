import { protocols } from '../../src/protocols/index.ts';
import type { ProtocolRequests } from './protocol-requests.ts';
import * as registry from './registry.ts';

const registered: readonly ProtocolRequests[] = Object.values(registry);

/** The requests of all protocols, in the order of the server's list. Tests fail while one is missing. */
export const protocolRequests: readonly ProtocolRequests[] = protocols.flatMap(
  ({ name }) => registered.find(({ protocol }) => protocol === name) ?? [],
);

export function requestsOf(protocol: string): ProtocolRequests {
  const found = protocolRequests.find((one) => one.protocol === protocol);
  if (found === undefined) throw new Error(`no requests of ${protocol} are known`);
  return found;
}
