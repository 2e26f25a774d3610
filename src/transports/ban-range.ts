import { isIPv4 } from 'node:net';
import { parseAddress, parseRange } from './address-ranges.ts';

/** IPv6 clients have whole networks of this size, so limits and bans count by them. */
const CLIENT_BITS = 64;
const LOOPBACK = ['127.0.0.0/8', '::1'];

type Bits = { readonly size: 32 | 128; readonly length: number; readonly value: bigint };

/**
 * The one way to write a range for a ban, as `203.0.113.0/24`: the first address and the bits that count. IPv4 inside IPv6 is
 * IPv4, and an IPv6 range is at least the network of one client (64 bits). Null if the text is neither address nor range.
 */
export function banRange(text: string): string | null {
  const bits = bitsOf(text);
  if (bits === null) return null;
  const length = bits.size === 128 ? Math.min(bits.length, CLIENT_BITS) : bits.length; // CONN-104
  const shift = BigInt(bits.size - length);
  return `${addressOf((bits.value >> shift) << shift, bits.size)}/${length}`;
}

/** Whether two ranges have an address in common; false if one of the texts is no range. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [bitsOf(one), bitsOf(other)];
  if (a === null || b === null || a.size !== b.size) return false;
  const shift = BigInt(a.size - Math.min(a.length, b.length));
  return a.value >> shift === b.value >> shift;
}

/** Whether a range has an address of this machine in it. */
export function hasLoopback(range: string): boolean {
  return LOOPBACK.some((own) => overlap(range, own));
}

function bitsOf(text: string): Bits | null {
  const range = parseRange(text);
  if (range === null) return null;
  const { address, bits } = range;
  if (isIPv4(address)) return { size: 32, length: bits, value: numberOf(address.split('.').map(Number), 8n) };
  const [head = '', tail] = address.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  return { size: 128, length: bits, value: numberOf([...before, ...zeros, ...after], 16n) };
}

function numberOf(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}

function addressOf(value: bigint, size: 32 | 128): string {
  const [count, bits] = size === 32 ? [4, 8n] : [8, 16n];
  const parts = Array.from(
    { length: count },
    (_, index) => (value >> (bits * BigInt(count - 1 - index))) & (2n ** bits - 1n),
  );
  if (size === 32) return parts.join('.');
  const text = parts.map((part) => part.toString(16)).join(':');
  return parseAddress(text) ?? text;
}
