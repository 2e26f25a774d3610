import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

const MAPPED = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;
/** How many bits of an IPv6 address come before the IPv4 address inside it. */
const MAPPED_BITS = 96;

/**
 * The usual text of an IP address: lower case, without a zone, the longest row of zeros left out, and IPv4 inside IPv6 as IPv4.
 * Null if the text is no address.
 */
export function parseAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  if (!isIPv6(text)) return null;
  const host = URL.parse(`http://[${text.replace(/%.*$/, '')}]`)?.hostname ?? '';
  const [, high, low] = MAPPED.exec(host) ?? [];
  if (high === undefined || low === undefined) return host.slice(1, -1);
  const bits = Number.parseInt(high, 16) * 2 ** 16 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}

type Range = { readonly address: string; readonly bits: number };

/** Reads an address, or a range such as `192.0.2.0/24`; null if the text is neither. */
export function parseRange(text: string): Range | null {
  const [, head = '', length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(head);
  if (address === null) return null;
  const most = isIPv4(head) ? 32 : 128;
  const given = length === undefined ? most : Number(length);
  if (given > most) return null; // PORT-79
  if (isIP(address) === isIP(head)) return { address, bits: given };
  return given < MAPPED_BITS ? { address: head, bits: given } : { address, bits: given - MAPPED_BITS };
}

/** A set of addresses and ranges of them. */
export class AddressRanges {
  readonly #ranges = new BlockList();

  /** Throws if a text is neither an address nor a range. */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const range = parseRange(text);
      if (range === null) throw new Error(`${text} is neither an address nor a range of addresses`);
      this.#ranges.addSubnet(range.address, range.bits, familyOf(range.address));
    }
  }

  /** Whether an address is in the set; false for a text that is none. */
  has(text: string): boolean {
    const address = parseAddress(text);
    return address !== null && this.#ranges.check(address, familyOf(address)); // PORT-79
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
