import type { Encoding } from '../../connections/protocol-adapter.ts';
import type { Value } from './values.ts';

const encoder = new TextEncoder();

/** The most bytes of a header of a string. */
const HEADER = 5;
/** The most UTF-8 bytes of one UTF-16 unit. */
const UNIT = 3;

/** Encodes at most 15 values, one after the other or in one array. Half a surrogate becomes U+FFFD. */
export function encode(values: readonly Value[], encoding: Encoding): Uint8Array<ArrayBuffer> {
  let room = 1;
  for (const value of values) room += typeof value === 'string' ? HEADER + UNIT * value.length : 1;
  const bytes = new Uint8Array(room);
  let end = 0;
  if (encoding === 'wrapped') bytes[end++] = 0x90 | values.length; // MSGP-02
  for (const value of values) {
    if (typeof value === 'string') end = writeString(bytes, end, value);
    else bytes[end++] = value ? 0xc3 : 0xc2; // MSGP-01
  }
  return bytes.slice(0, end);
}

/** Writes the text where it belongs if it is ASCII, and moves it if its header turns out to be longer. */
function writeString(bytes: Uint8Array, at: number, text: string): number {
  const guess = at + headerLength(text.length);
  const { written } = encoder.encodeInto(text, bytes.subarray(guess));
  const body = at + headerLength(written);
  if (body !== guess) bytes.copyWithin(body, guess, guess + written);
  writeHeader(bytes, at, written);
  return body + written;
}

function headerLength(length: number): number {
  if (length < 0x20) return 1; // MSGP-06
  if (length < 0x100) return 2; // MSGP-06
  return length < 0x1_0000 ? 3 : 5; // MSGP-06
}

/** The shortest header of a str of so many bytes. */
function writeHeader(bytes: Uint8Array, at: number, length: number): void {
  const lengthBytes = headerLength(length) - 1;
  bytes[at] = lengthBytes === 0 ? 0xa0 | length : 0xd9 + (lengthBytes >> 1); // MSGP-06
  for (let index = 0; index < lengthBytes; index++) bytes[at + lengthBytes - index] = length >>> (8 * index);
}
