import { randomBytes } from 'node:crypto';

/** Bytes for the server, and the pattern that all bytes received since then match when the answer is complete (latin1). */
export type Exchange = { readonly send: Uint8Array | string; readonly until: RegExp };

/** A transport as a client uses it, written by hand so that the server is measured and not a library. */
export type Transport = {
  readonly name: string;
  /** The exchanges before the first message. */
  readonly handshake: () => readonly Exchange[];
  readonly frame: (message: Uint8Array | string) => Uint8Array;
  /** Bytes that keep a silent connection open; null where TCP does that. */
  readonly keepalive: Uint8Array | null;
};

/** A stream without frames, for protocols whose messages show where they end. */
export const tcp: Transport = {
  name: 'tcp',
  handshake: () => [],
  frame: (message) => Buffer.from(message),
  keepalive: null,
};

const PONG = 0xa;
/** Not zeros: a server must undo it, as it must for real clients. */
const MASK = [0x5a, 0xc3, 0x3c, 0xa5];

export const webSocketText = webSocket(0x1);
export const webSocketBinary = webSocket(0x2);

/** ZMTP 3.1 with the mechanism NULL (RFC 37), as a DEALER; an unsolicited PONG keeps the connection open. */
export const zeroMq: Transport = {
  name: 'zeromq',
  handshake: () => [
    { send: greeting(), until: /^[^]{64}$/ },
    { send: command('READY', '\x0bSocket-Type\0\0\0\x06DEALER'), until: /READY.*ROUTER$/s },
  ],
  frame: (message) => shortFrame(0, message),
  keepalive: command('PONG', ''),
};

/** RFC 6455; an unsolicited pong keeps the connection open (5.5.3). */
function webSocket(opcode: number): Transport {
  return {
    name: 'websocket',
    handshake: () => [{ send: handshake(), until: /^HTTP\/1\.1 101 .*\r\n\r\n$/s }],
    frame: (message) => maskedFrame(opcode, message),
    keepalive: maskedFrame(PONG, ''),
  };
}

/** The answer to a ping of a WebSocket server. */
export function pong(payload: Uint8Array): Uint8Array {
  return maskedFrame(PONG, payload);
}

function handshake(): string {
  const key = randomBytes(16).toString('base64');
  const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13';
  return `GET / HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
}

function maskedFrame(opcode: number, message: Uint8Array | string): Uint8Array {
  const payload = Buffer.from(message);
  const { length } = payload;
  if (length >= 2 ** 16) throw new RangeError('only messages below 64 KiB are supported');
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 0xff];
  const masked = payload.map((byte, index) => byte ^ (MASK[index % MASK.length] ?? 0));
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size, ...MASK]), masked]);
}

function greeting(): Uint8Array {
  const signature = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f]);
  const version = Buffer.from([3, 1]);
  return Buffer.concat([signature, version, Buffer.from('NULL')], 64);
}

function command(name: string, data: string): Uint8Array {
  return shortFrame(0x4, Buffer.from(`${String.fromCharCode(name.length)}${name}${data}`, 'latin1'));
}

function shortFrame(flags: number, message: Uint8Array | string): Uint8Array {
  const body = Buffer.from(message);
  if (body.length > 255) throw new RangeError('only short messages are supported');
  return Buffer.concat([Buffer.from([flags, body.length]), body]);
}
