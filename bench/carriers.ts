import { randomBytes } from 'node:crypto';

/** Something said to a server, and how to know the answer in all that was heard since (one character a byte). */
export type Step = { readonly say: Uint8Array | string; readonly until: RegExp };

/** How messages get to a server, written by hand: what is measured is the server, not a library. */
export type Carrier = {
  readonly name: string;
  /** What is said before the first message. */
  readonly opening: () => readonly Step[];
  readonly frame: (message: Uint8Array | string) => Uint8Array;
  /** What to say now and then, so as not to be taken for dead; null where the system sees to it. */
  readonly signOfLife: Uint8Array | null;
};

/** A stream without frames; messages are of a kind that shows where it ends. */
export const tcp: Carrier = {
  name: 'tcp',
  opening: () => [],
  frame: (message) => Buffer.from(message),
  signOfLife: null,
};

export const webSocketText = webSocket(0x1);
export const webSocketBinary = webSocket(0x2);

/** ZMTP 3.1 with the mechanism NULL (RFC 37), as a DEALER; a PONG that nobody asked for is a sign of life. */
export const zeroMq: Carrier = {
  name: 'zeromq',
  opening: () => [
    { say: greeting(), until: /^[^]{64}$/ },
    { say: command('READY', '\x0bSocket-Type\0\0\0\x06DEALER'), until: /READY.*ROUTER$/s },
  ],
  frame: (message) => shortFrame(0, message),
  signOfLife: command('PONG', ''),
};

/** RFC 6455; frames have a mask of zeros, and a pong that nobody asked for is a sign of life (5.5.3). */
function webSocket(opcode: number): Carrier {
  return {
    name: 'websocket',
    opening: () => [{ say: handshake(), until: /^HTTP\/1\.1 101 .*\r\n\r\n$/s }],
    frame: (message) => maskedFrame(opcode, message),
    signOfLife: maskedFrame(0xa, ''),
  };
}

function handshake(): string {
  const key = randomBytes(16).toString('base64');
  const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13';
  return `GET / HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
}

function maskedFrame(opcode: number, message: Uint8Array | string): Uint8Array {
  const payload = Buffer.from(message);
  if (payload.length > 125) throw new RangeError('the load sends short messages only');
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
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
  if (body.length > 255) throw new RangeError('the load sends short messages only');
  return Buffer.concat([Buffer.from([flags, body.length]), body]);
}
