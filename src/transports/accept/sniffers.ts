import { METHODS } from 'node:http';
import type { Sniff } from './detect.ts';
import { ZMTP_FIRST_BYTE } from '../zmtp/greeting.ts';

const HANDSHAKE = 0x16;
const TLS_MAJOR = 0x03;
/** A request line, with any method (RFC 9112, 3). */
const REQUEST_LINE = /^[A-Z]+ [^ \r\n]+ HTTP\/\d\.\d\r?\n/;

/** A TLS ClientHello: a handshake record of any version 3.x (RFC 8446, 5.1). */
export const sniffTls: Sniff = (bytes) => {
  if (bytes[0] !== HANDSHAKE) return 'no'; // PORT-02
  if (bytes[1] === undefined) return 'more';
  return bytes[1] === TLS_MAJOR ? 'yes' : 'no'; // PORT-02
};

/** An HTTP request: one of the methods that are registered, and a space; or a whole request line, which Node refuses. */
export const sniffHttp: Sniff = (bytes) => {
  let isUndecided = false;
  for (const method of METHODS) {
    const start = `${method} `;
    const length = Math.min(start.length, bytes.length);
    const same = start.startsWith(String.fromCharCode(...bytes.subarray(0, length)));
    if (same && length === start.length) return 'yes'; // PORT-02
    if (same) isUndecided = true;
  }
  if (REQUEST_LINE.test(Buffer.from(bytes).toString('latin1'))) return 'yes'; // PORT-02
  return isUndecided ? 'more' : 'no';
};

/** The greeting of ZMTP (RFC 23, "signature"). */
export const sniffZmtp: Sniff = (bytes) => (bytes[0] === ZMTP_FIRST_BYTE ? 'yes' : 'no'); // ZMTP-01
