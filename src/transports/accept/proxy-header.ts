import { isIPv4, isIPv6 } from 'node:net';

/** The header of the PROXY protocol at the start of a connection, versions 1 and 2 (haproxy.org, "proxy-protocol.txt"). */
export type ProxyHeader =
  | { readonly type: 'more' }
  | { readonly type: 'invalid'; readonly reason: string }
  | {
      readonly type: 'found';
      readonly length: number;
      /** The client's address; null if the proxy speaks for itself or cannot name it. */
      readonly source: string | null;
    };

const START_1 = Buffer.from('PROXY ');
const START_2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n');
/** The longest header of version 1, its line end included. */
const MAX_1 = 107;
const LINE_1 = /^PROXY (TCP4|TCP6) (\S+) (\S+) (\S+) (\S+)$/;
const PORT = /^(0|[1-9]\d{0,4})$/;
/** Before the addresses of version 2. */
const HEAD_2 = 16;
/** The most after those: addresses, and values that we skip. */
const MAX_2 = 4 * 1024;
const LOCAL = 0x20;
const PROXY = 0x21;
/** By family and transport: how long the addresses are together, and one of them. */
const FAMILIES: ReadonlyMap<number, { readonly all: number; readonly one: number }> = new Map([
  [0x11, { all: 12, one: 4 }],
  [0x21, { all: 36, one: 16 }],
]);

/** Whether these bytes begin with such a header. */
export function sniffProxyHeader(bytes: Uint8Array): 'yes' | 'no' | 'more' {
  for (const start of [START_1, START_2]) {
    const length = Math.min(start.length, bytes.length);
    if (!start.subarray(0, length).equals(bytes.subarray(0, length))) continue;
    return length === start.length ? 'yes' : 'more'; // PORT-70
  }
  return 'no'; // PORT-70
}

/** Reads the header at the start of these bytes, for which `sniffProxyHeader` said yes. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  return bytes[0] === START_1[0] ? readLine(bytes) : readBinary(bytes);
}

function readLine(bytes: Buffer): ProxyHeader {
  const text = bytes.toString('latin1', 0, MAX_1);
  const end = text.indexOf('\r\n');
  if (end < 0) return bytes.length < MAX_1 ? { type: 'more' } : invalid('the line is too long'); // PORT-71
  const line = text.slice(0, end);
  const length = end + 2;
  if (/^PROXY UNKNOWN( |$)/.test(line)) return { type: 'found', length, source: null }; // PORT-71
  const [, family, from = '', to = '', ...ports] = LINE_1.exec(line) ?? [];
  const isFamily = family === 'TCP4' ? isIPv4 : isIPv6WithoutZone;
  if (!isFamily(from) || !isFamily(to) || !ports.every(isPort)) return invalid('the line is malformed'); // PORT-71
  return { type: 'found', length, source: from };
}

function isIPv6WithoutZone(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

function isPort(text: string): boolean {
  return PORT.test(text) && Number(text) < 2 ** 16;
}

function readBinary(bytes: Buffer): ProxyHeader {
  if (bytes.length < HEAD_2) return { type: 'more' };
  const command = bytes.readUInt8(12);
  const rest = bytes.readUInt16BE(14);
  if (command !== LOCAL && command !== PROXY) return invalid('unknown version or command'); // PORT-72
  if (rest > MAX_2) return invalid('it is too long'); // PORT-72
  const family = command === PROXY ? FAMILIES.get(bytes.readUInt8(13)) : undefined; // PORT-72
  if (family && rest < family.all) return invalid('it is too short for its addresses'); // PORT-72
  const length = HEAD_2 + rest;
  if (bytes.length < length) return { type: 'more' };
  return { type: 'found', length, source: family ? addressOf(bytes.subarray(HEAD_2, HEAD_2 + family.one)) : null };
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  return (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

function invalid(reason: string): ProxyHeader {
  return { type: 'invalid', reason };
}
