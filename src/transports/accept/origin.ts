import { isIP } from 'node:net';

/** Which web pages may open a WebSocket here. */
export type OriginPolicy = {
  /** Names under which this server is known, besides IP addresses and `localhost`; lower case, without ports. */
  readonly hosts: readonly string[];
  /** Origins that are let in whatever the Host, as browsers write them (`https://chat.example.org`). */
  readonly allowOrigins: readonly string[];
};

/**
 * Whether a WebSocket handshake with these headers may go on (T41). Browsers always send Origin, and no page can change it, so
 * what has none is no page. A page of this server's own has the Host as its origin; but where a page's name was made to
 * point here (DNS rebinding) that is so too, hence the Host must be one that no stranger can own.
 */
export function mayConnect(origin: string | undefined, host: string | undefined, policy: OriginPolicy): boolean {
  if (origin === undefined) return true; // PORT-12
  if (policy.allowOrigins.includes(origin)) return true; // PORT-13
  const page = URL.parse(origin);
  const here = page && host !== undefined ? URL.parse(`${page.protocol}//${host}`) : null;
  if (!page || !here || page.host !== here.host) return false; // PORT-12
  return isOwnHost(here.hostname, policy.hosts); // PORT-14
}

/** A name that is ours for sure: an IP address, this machine, or one that the operator gave. */
function isOwnHost(hostname: string, hosts: readonly string[]): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return true; // PORT-14
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hosts.includes(hostname); // PORT-14
}
