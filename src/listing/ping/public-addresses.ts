import { isIPv4 } from 'node:net';
import { AddressRanges, parseAddress } from '../../transports/address-ranges.ts';

/** Of IPv6, only these addresses are given to networks so far. */
const IPV6_UNICAST = ['2000::/3'];

/** IANA's registries of special-purpose addresses, and multicast. IPv6 has more, outside of 2000::/3. */
const SPECIAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
];

/** Loopback, private and shared addresses. */
const PRIVATE = ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** Clouds answer a machine of theirs at these with its credentials or its configuration; they are no link-local addresses. */
const CLOUD_METADATA = [
  '100.100.100.200', // Alibaba
  '168.63.129.16', // Azure
  'fd00:42::42', // Scaleway
  'fd00:ec2::/32', // Amazon
  'fd20:ce::254', // Google
];

/** The addresses that may be pinged: the public ones and, if private ones are allowed, those of a LAN and of this machine. */
export class PublicAddresses {
  readonly #unicast = new AddressRanges(IPV6_UNICAST);
  readonly #special = new AddressRanges(SPECIAL);
  readonly #metadata = new AddressRanges(CLOUD_METADATA);
  readonly #private: AddressRanges;

  constructor(allowPrivate: boolean) {
    this.#private = new AddressRanges(allowPrivate ? PRIVATE : []); // LIST-47
  }

  /** False also for a text that is no address. IPv4 inside IPv6 counts as IPv4. */
  has(address: string): boolean {
    const parsed = address.includes('%') ? null : parseAddress(address);
    if (parsed === null || this.#metadata.has(parsed)) return false; // LIST-48
    if (this.#private.has(parsed)) return true; // LIST-47
    const isUnicast = isIPv4(parsed) || this.#unicast.has(parsed); // LIST-46
    return isUnicast && !this.#special.has(parsed); // LIST-45
  }
}
