import type { NodeId } from '../../core/model/ids.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { NatsBus } from './bus.ts';
import { parseNatsUrl } from './url.ts';

export type OpenNatsOptions = {
  /** `nats://[user:password@]host[:port][,...][?prefix=...]`, see `parseNatsUrl`. */
  readonly url: string;
  readonly node: NodeId;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Joins a bus on servers of NATS. It opens also when no server can be reached, and joins as soon as one can; it rejects only for
 * a wrong URL, with a sentence for the operator.
 */
export async function openNatsBus({ url, ...options }: OpenNatsOptions): Promise<NatsBus> {
  const address = parseNatsUrl(url);
  if (!address.ok) throw new Error(address.error); // BUS-20
  const bus = new NatsBus({ address: address.value, ...options });
  await bus.open();
  return bus;
}
