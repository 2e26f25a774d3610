import type { TestContext } from 'node:test';
import type { TestPort } from './port.ts';
import { RawClient } from './raw-client.ts';
import type { RecordingReceiver } from './recording-receiver.ts';

/** What our server sends in a handshake, byte by byte (RFC 37). */
export const SERVER_GREETING = Buffer.from(`ff00000000000000007f03014e554c4c${'00'.repeat(48)}`, 'hex');
export const SERVER_READY = Buffer.from('\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06ROUTER', 'latin1');

type PeerGreeting = {
  readonly major?: number;
  readonly minor?: number;
  readonly mechanism?: string;
  readonly asServer?: number;
};

/** The greeting of a peer, with arbitrary padding and filler. */
export function peerGreeting({ major = 3, minor = 1, mechanism = 'NULL', asServer = 0 }: PeerGreeting = {}): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 1, 2, 3, 4, 5, 6, 7, 8, 0x7f, major, minor]),
    Buffer.from(mechanism.padEnd(20, '\0'), 'latin1'),
    Buffer.from([asServer]),
    Buffer.alloc(31, 9),
  ]);
}

/** One frame with these flags, and a length of 8 bytes if `isLong` or if it needs one. */
export function peerFrame(flags: number, body: Uint8Array | string = '', isLong = false): Buffer {
  const bytes = Buffer.from(body);
  if (!isLong && bytes.length < 256) return Buffer.concat([Buffer.from([flags, bytes.length]), bytes]);
  return Buffer.concat([longHeader(flags | 2, BigInt(bytes.length)), bytes]);
}

/** A header with a length of 8 bytes. */
export function longHeader(flags: number, length: bigint): Buffer {
  const header = Buffer.alloc(9);
  header[0] = flags;
  header.writeBigUInt64BE(length, 1);
  return header;
}

/** The frame of a command. */
export function peerCommand(name: string, data: Uint8Array | string = ''): Buffer {
  return peerFrame(4, Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from(data)]));
}

/** One property of a READY. */
export function property(name: string, value: Uint8Array | string): Buffer {
  const head = Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), Buffer.alloc(4)]);
  head.writeUInt32BE(Buffer.from(value).length, head.length - 4);
  return Buffer.concat([head, Buffer.from(value)]);
}

/** The READY of a DEALER. */
export const DEALER_READY = peerCommand('READY', property('Socket-Type', 'DEALER'));

/** A PING; the TTL is in tenths of seconds. */
export function peerPing(ttl = 0, context = ''): Buffer {
  return peerCommand('PING', Buffer.concat([Buffer.from([ttl >> 8, ttl & 0xff]), Buffer.from(context)]));
}

/** A connection after the handshake that has received nothing else, and the server's end of it. */
export async function joinByZmtp(
  t: TestContext,
  port: TestPort,
  greeting: PeerGreeting = {},
): Promise<{ client: RawClient; end: RecordingReceiver }> {
  const client = await RawClient.connect(port.port);
  t.after(() => client.destroy());
  const before = port.receivers.length;
  await client.send(Buffer.concat([peerGreeting(greeting), DEALER_READY]));
  await client.untilBytes(SERVER_GREETING.length + SERVER_READY.length);
  client.clear();
  return { client, end: await port.nth(before + 1) };
}
