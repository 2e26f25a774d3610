import { lookup, Resolver } from 'node:dns/promises';

/** How long a name server has for an answer. */
const DNS_TIMEOUT_MS = 1_500;
const DNS_TRIES = 2;

/** Finds the addresses of a name. Empty, or rejected, if it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** What is needed of DNS. */
type Dns = Pick<Resolver, 'resolve4' | 'resolve6'>;

/**
 * Resolves by DNS alone. The system's own function blocks one of few threads while it waits, so a stranger with a slow name server
 * could hold up the checks of everybody.
 */
export function resolveByDns(dns: Dns = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })): Resolve {
  return async (name) => {
    const found = await Promise.allSettled([dns.resolve4(name), dns.resolve6(name)]); // LIST-49
    return found.flatMap((family) => (family.status === 'fulfilled' ? family.value : []));
  };
}

/** Resolves as the system does, for a LAN: that knows the file of hosts and mDNS, too. */
export async function resolveBySystem(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, order: 'verbatim' }); // LIST-49
  return found.map(({ address }) => address);
}
