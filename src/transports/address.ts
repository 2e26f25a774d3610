import { isIPv4 } from 'node:net';
import { parseAddress } from './address-ranges.ts';

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * The address as limits count it: an IPv4 address, also if the system reports it inside IPv6, or the first 64 bits of an
 * IPv6 address, since one client has all addresses of such a network. `::1` is not changed, nor is a text that is no address.
 */
export function countedAddress(address: string): string {
  const parsed = parseAddress(address); // PORT-19
  if (parsed === null) return address;
  if (parsed === '::1' || isIPv4(parsed)) return parsed; // PORT-19
  const [head = '', tail = ''] = parsed.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** True for an address of this machine. The address must be as `countedAddress` writes it. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
