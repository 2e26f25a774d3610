import { isIP } from 'node:net';

/** Ends of names that no stranger can own: they are resolved on the machine or in the local network only. */
const LOCAL_ENDS = ['.localhost', '.local', '.lan', '.home.arpa', '.internal'];
const SERIALIZED = /^([a-z][a-z0-9+.-]*):\/\/((?:\*\.)?[^\s/?#@\\,*]+)\/?$/;

/** Which web pages may open a WebSocket. */
export type OriginPolicy = {
  /** Names of this server; lower case, without ports. */
  readonly hosts: readonly string[];
  /** Origins that are allowed with any Host, as `parseOrigin` writes them. */
  readonly allowOrigins: readonly string[];
};

/** What a WebSocket handshake says about the page that opens it. */
export type Handshake = {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** Whether the browser's TLS ends here, so that it has checked that this server may bear the name in Host. */
  readonly isOwnTls: boolean;
};

/**
 * The canonical text of an origin as browsers serialize it, or null if the text is none: lower case, without a final slash and
 * the usual port. `*.` before a name stands for all names below it.
 */
export function parseOrigin(text: string): string | null {
  const lower = text.toLowerCase();
  if (lower === 'null') return lower;
  if (lower === 'file://' || lower === 'file:///') return 'file://';
  const [, scheme, host] = SERIALIZED.exec(lower) ?? [];
  if (scheme === undefined || host === undefined) return null;
  const isWeb = scheme === 'http' || scheme === 'https';
  return isWeb ? (URL.parse(lower)?.origin ?? null) : `${scheme}://${host}`; // PORT-64
}

/**
 * Null if a WebSocket handshake is allowed (T41), else the option that would allow it. Browsers always send Origin and no page
 * can change it, so a request without one comes from no page. A page of this server has an Origin with the same host as Host.
 * So has a page whose name an attacker made to point here (DNS rebinding); therefore a stranger must not be able to own the name.
 */
export function missingOption({ origin, host, isOwnTls }: Handshake, policy: OriginPolicy): string | null {
  if (origin === undefined) return null; // PORT-12
  const parsed = parseOrigin(origin);
  if (parsed === null) return '--allow-origin';
  if (policy.allowOrigins.some((allowed) => includes(allowed, parsed))) return null; // PORT-13
  const name = ownName(parsed, host);
  if (name === null) return `--allow-origin ${parsed}`; // PORT-65
  if (isOwnTls || isOwnHost(name, policy.hosts)) return null; // PORT-14
  return `--public-host ${name}`; // PORT-65
}

function includes(allowed: string, origin: string): boolean {
  const [before = '', after] = allowed.split('*');
  if (after === undefined) return allowed === origin; // PORT-13
  return origin.startsWith(before) && origin.endsWith(after) && origin.length > before.length + after.length; // PORT-64
}

/** The name that Origin and Host share, or null if the page is of another server. */
function ownName(origin: string, host: string | undefined): string | null {
  if (host === undefined || !/^https?:/.test(origin) || /[\s/?#@\\]/.test(host)) return null; // PORT-12
  const page = URL.parse(origin);
  const here = page && URL.parse(`${page.protocol}//${host}`);
  return page && here && page.host === here.host ? here.hostname : null; // PORT-12
}

/** True for an IP address, a name that no stranger can own, or a name that the operator gave. */
function isOwnHost(name: string, hosts: readonly string[]): boolean {
  const address = name.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 || !name.includes('.')) return true; // PORT-14
  return LOCAL_ENDS.some((end) => name.endsWith(end)) || hosts.includes(name); // PORT-14
}
