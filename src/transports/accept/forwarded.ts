import type { IncomingHttpHeaders } from 'node:http';
import { type AddressRanges, parseAddress } from '../address-ranges.ts';
import type { Accepted } from '../accepted.ts';
import { countedAddress } from '../address.ts';

/** What stands for the address of a client that its proxy does not name. Never this machine's, so that limits apply to it. */
const UNKNOWN = 'unknown';
const PROXY_HEADER = /^(forwarded|via|x-real-ip|x-forwarded-.*)$/;

/** The client of one HTTP request, which a trusted proxy may have forwarded. */
export type HttpClient = Pick<Accepted, 'address' | 'secure'> & {
  /** Its whole IP address, where `address` is as limits count it; null if the proxy does not name it. */
  readonly ip: string | null;
  /** The host that the client asked for, if it or the proxy named one. */
  readonly host: string | undefined;
};

/** Whether a proxy forwarded this request, by its own account. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => PROXY_HEADER.test(name));
}

/** The client of a request on this connection; what the headers say of it counts only if a trusted proxy sent them (T50). */
export function clientOf(headers: IncomingHttpHeaders, accepted: Accepted, proxies: AddressRanges): HttpClient {
  const { address, ip, secure } = accepted;
  if (!accepted.isProxy) return { address, ip, secure, host: headers.host }; // PORT-74
  const values = valuesOf(headers['x-forwarded-for']);
  const forwarded = forwardedAddress(values, proxies) ?? (isForwarded(headers) ? UNKNOWN : ip); // PORT-75
  const scheme = lastOf(headers['x-forwarded-proto']);
  return {
    address: countedAddress(forwarded),
    ip: forwarded === UNKNOWN ? null : forwarded,
    secure: scheme === undefined ? secure : ['https', 'wss'].includes(scheme.toLowerCase()), // PORT-76
    host: lastOf(headers['x-forwarded-host']) ?? headers.host, // PORT-76
  };
}

/** The last address that is no trusted proxy's, since each proxy adds its peer at the end; null if there is none at all. */
function forwardedAddress(values: readonly string[], proxies: AddressRanges): string | null {
  let client: string | null = null;
  for (const value of values.toReversed()) {
    const address = parseAddress(withoutPort(value));
    if (address === null) return UNKNOWN; // PORT-75
    client = address;
    if (!proxies.has(address)) return client; // PORT-75
  }
  return client; // PORT-75
}

function withoutPort(value: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(value)?.[1] ?? /^([\d.]+):\d+$/.exec(value)?.[1] ?? value; // PORT-75
}

/** The values of a list, without empty ones; of a header that came several times, all (RFC 9110, 5.6.1). */
function valuesOf(header: string | readonly string[] | undefined): readonly string[] {
  const text = typeof header === 'string' ? header : (header ?? []).join();
  return text.split(',').flatMap((value) => value.trim() || []);
}

function lastOf(header: string | readonly string[] | undefined): string | undefined {
  return valuesOf(header).at(-1);
}
