import { isIPv4, isIPv6 } from 'node:net';
import { parseAddress } from '../transports/address-ranges.ts';

/** The port of chat servers that name none. */
const DEFAULT_PORT = 5_000;
const MAX_PORT = 65_535;
/** Ports below this one belong to services of the system. */
const FIRST_FREE_PORT = 1_024;
const HTTP_PORT = 80;
/** On this port a chat server speaks TLS, on all others it does not. */
const TLS_PORT = 443;
/** The longest name that DNS has, in characters. */
const MAX_NAME = 253;
/** ASCII letters, digits and hyphens, 1 to 63 of them. */
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** Resolvers and URLs read a name whose last part looks so as an IPv4 address in some old way of writing. */
const NUMBER = /^(?:\d+|0x.*)$/i;

/** Where a chat server can be reached. */
export type ListedAddress = {
  /** In lower case; an IPv6 address has no brackets. */
  readonly host: string;
  readonly port: number;
  readonly kind: 'ip' | 'name';
  readonly isSecure: boolean;
  /** The one way in which this address is written: `host:port`, an IPv6 host in brackets. */
  readonly text: string;
};

/**
 * Reads `host:port`. Null for anything that is not one, also for ways of writing an address that only some programs understand.
 * It does not say whether the address may be pinged.
 */
export function parseListedAddress(text: string): ListedAddress | null {
  const [, inBrackets, plain = '', digits = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([1-9]\d{0,4})$/.exec(text) ?? [];
  const port = Number(digits);
  if (port < 1 || port > MAX_PORT) return null; // LIST-41
  if (inBrackets !== undefined) return isIPv6(inBrackets) ? listedIp(inBrackets, port) : null; // LIST-40
  if (isIPv4(plain)) return listedIp(plain, port); // LIST-40
  return isName(plain) ? listed(plain.toLowerCase(), port, 'name') : null;
}

/**
 * The address of a server that names none: the caller's own IP address with port 5000. Null if the caller's address is only known
 * as a range, since no connection can be made to that.
 */
export function defaultAddress(callerAddress: string): string | null {
  return listedIp(callerAddress, DEFAULT_PORT)?.text ?? null; // LIST-43
}

/** Whether servers at this port are pinged. */
export function isAllowedPort(port: number): boolean {
  return port === HTTP_PORT || port === TLS_PORT || (port >= FIRST_FREE_PORT && port <= MAX_PORT); // LIST-44
}

/** IPv4 inside IPv6 becomes IPv4, so that one server has one address. A zone means something on one machine only. */
function listedIp(address: string, port: number): ListedAddress | null {
  const host = address.includes('%') ? null : parseAddress(address); // LIST-40
  return host === null ? null : listed(host, port, 'ip');
}

function listed(host: string, port: number, kind: 'ip' | 'name'): ListedAddress {
  const text = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  return { host, port, kind, isSecure: port === TLS_PORT, text }; // LIST-52
}

/** It looks at the text as it came: some characters outside of ASCII become ASCII in lower case. */
function isName(host: string): boolean {
  const labels = host.split('.');
  const isWritten = host.length <= MAX_NAME && labels.every((label) => LABEL.test(label)); // LIST-42
  return isWritten && !NUMBER.test(labels.at(-1) ?? ''); // LIST-42
}
