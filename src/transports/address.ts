import { isIPv4 } from 'node:net';
import { parseAddress } from './address-ranges.ts';

const GROUPS = 8;
const NETWORK_GROUPS = 4;
const BYTE = 256;

/**
 * The address as limits count it: an IPv4 address, also if the system reports it inside IPv6, or the first 64 bits of an
 * IPv6 address, since one client has all addresses of such a network. `::1` is not changed, nor is a text that is no address.
 */
export function countedAddress(address: string): string {
  const parsed = parseAddress(address); // PORT-19
  if (parsed === null) return address;
  if (parsed === '::1' || isIPv4(parsed)) return parsed; // PORT-19
  const groups = ipv6Groups(parsed).slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight numbers of 16 bits of an IPv6 address without a zone. */
export function ipv6Groups(address: string): number[] {
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  return [...before, ...Array<number>(GROUPS - before.length - after.length).fill(0), ...after];
}

/** The last part may be an IPv4 address, which is two groups. */
function groupsOf(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return Number.parseInt(group, 16);
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * BYTE + b, c * BYTE + d];
  });
}

/** True for an address of this machine. The address must be as `countedAddress` writes it. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
