import { isIPv6 } from 'node:net';

const MAPPED = '::ffff:';
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * The address as limits count it: an IPv4 address, also if the system reports it inside IPv6, or the first 64 bits of an
 * IPv6 address, since one client has all addresses of such a network. `::1` is not changed.
 */
export function countedAddress(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  if (plain.startsWith(MAPPED) && plain.includes('.')) return plain.slice(MAPPED.length); // PORT-19
  if (plain === '::1' || !isIPv6(plain)) return plain; // PORT-19
  const [head = '', tail = ''] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** True for an address of this machine. The address must be as `countedAddress` writes it. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
