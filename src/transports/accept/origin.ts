import { isIP } from 'node:net';

/** Which web pages may open a WebSocket. */
export type OriginPolicy = {
  /** Names of this server besides IP addresses and `localhost`; lower case, without ports. */
  readonly hosts: readonly string[];
  /** Origins that are allowed with any Host, as browsers write them (`https://chat.example.org`). */
  readonly allowOrigins: readonly string[];
};

/**
 * Whether a WebSocket handshake with these headers is allowed (T41). Browsers always send Origin and no page can change it,
 * so a request without one comes from no page. A page of this server has an Origin with the same host as Host. So has a page
 * whose name an attacker made to point here (DNS rebinding); therefore the Host must be one that no attacker can own.
 */
export function mayConnect(origin: string | undefined, host: string | undefined, policy: OriginPolicy): boolean {
  if (origin === undefined) return true; // PORT-12
  if (policy.allowOrigins.includes(origin)) return true; // PORT-13
  const page = URL.parse(origin);
  const here = page && host !== undefined ? URL.parse(`${page.protocol}//${host}`) : null;
  if (!page || !here || page.host !== here.host) return false; // PORT-12
  return isOwnHost(here.hostname, policy.hosts); // PORT-14
}

/** True for an IP address, a name of this machine, or a name that the operator gave. */
function isOwnHost(hostname: string, hosts: readonly string[]): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return true; // PORT-14
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hosts.includes(hostname); // PORT-14
}
