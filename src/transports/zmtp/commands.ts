import { concat } from '../../lib/bytes.ts';
import { commandFrame } from './frames.ts';

const NAME = /^[A-Za-z]+$/;
const PROPERTY_NAME = /^[A-Za-z0-9\-_.+]+$/;
const VALUE_LENGTH_BYTES = 4;
const MAX_IDENTITY_BYTES = 255;
const TTL_BYTES = 2;
const TTL_UNIT_MS = 100;
const MAX_CONTEXT_BYTES = 16;
/** Made once: a peer may send many PINGs. */
const PONG = lengthPrefixed('PONG');
/** libzmq keeps a TTL as milliseconds in 16 bits, so a longer one would soon end its connection. */
const MAX_TTL_MS = 65_500;

/** A command: its name as the peer wrote it, and its data. */
export type Command = { readonly name: string; readonly data: Uint8Array };

/** A PING: the context to send back, and after how much silence to close (0: never). */
export type Ping = { readonly ttlMs: number; readonly context: Uint8Array };

/** Parses the body of a command; null if it is invalid (RFC 23, `command-body`). */
export function readCommand(body: Uint8Array): Command | null {
  const head = readName(body, NAME);
  return head && { name: head.name, data: head.rest };
}

/** Parses the data of a PING; null if it is invalid (RFC 37, "Connection Heartbeating"). */
export function readPing(data: Uint8Array): Ping | null {
  if (data.length < TTL_BYTES || data.length > TTL_BYTES + MAX_CONTEXT_BYTES) return null; // ZMTP-20
  const ttlMs = new DataView(data.buffer, data.byteOffset).getUint16(0) * TTL_UNIT_MS;
  return { ttlMs, context: data.subarray(TTL_BYTES) };
}

/** Checks the metadata of a READY. Returns the reason for an ERROR, or null if it is valid. */
export function checkReady(metadata: Uint8Array): string | null {
  let type: string | null = null;
  for (let rest = metadata; rest.length > 0; ) {
    const property = readProperty(rest);
    if (property === null) return 'broken-metadata'; // ZMTP-09
    const { name, value } = property;
    if (name === 'identity' && value.length > MAX_IDENTITY_BYTES) return 'Identity-too-long'; // ZMTP-11
    if (name === 'socket-type') {
      if (type !== null) return 'Socket-Type-repeated'; // ZMTP-10
      type = latin1(value);
    }
    rest = property.rest;
  }
  return type === 'DEALER' ? null : 'Socket-Type-is-not-DEALER'; // ZMTP-10
}

export function readyFrame(): Uint8Array {
  const type = Buffer.from('ROUTER');
  const length = Buffer.alloc(VALUE_LENGTH_BYTES);
  length.writeUInt32BE(type.length);
  return command('READY', concat([lengthPrefixed('Socket-Type'), length, type]));
}

/** An ERROR; the reason has at most 255 visible characters and no spaces. */
export function errorFrame(reason: string): Uint8Array {
  return command('ERROR', lengthPrefixed(reason));
}

/**
 * A PING with this context, which the PONG repeats. Its TTL asks the peer to close after so long a silence of ours, if
 * libzmq can count that long.
 */
export function pingFrame(silenceMs: number, context: string): Uint8Array {
  const ttl = Buffer.alloc(TTL_BYTES);
  if (silenceMs <= MAX_TTL_MS) ttl.writeUInt16BE(Math.ceil(silenceMs / TTL_UNIT_MS)); // ZMTP-23
  return command('PING', concat([ttl, Buffer.from(context, 'latin1')]));
}

/** The PONG to a PING with this context. */
export function pongFrame(context: Uint8Array): Uint8Array {
  return commandFrame(concat([PONG, context]));
}

function command(name: string, data: Uint8Array): Uint8Array {
  return commandFrame(concat([lengthPrefixed(name), data]));
}

/** A text after its length in one byte. */
function lengthPrefixed(text: string): Uint8Array {
  return Buffer.from(`${String.fromCharCode(text.length)}${text}`, 'latin1');
}

function readProperty(bytes: Uint8Array) {
  const head = readName(bytes, PROPERTY_NAME);
  if (head === null || head.rest.length < VALUE_LENGTH_BYTES) return null; // ZMTP-09
  const { rest } = head;
  const end = VALUE_LENGTH_BYTES + new DataView(rest.buffer, rest.byteOffset).getUint32(0);
  if (end > rest.length) return null; // ZMTP-09
  return { name: head.name.toLowerCase(), value: rest.subarray(VALUE_LENGTH_BYTES, end), rest: rest.subarray(end) };
}

/** Parses a name after its length; null if it does not match the pattern. */
function readName(bytes: Uint8Array, pattern: RegExp): { readonly name: string; readonly rest: Uint8Array } | null {
  const end = 1 + (bytes[0] ?? 0);
  const name = latin1(bytes.subarray(1, end));
  return pattern.test(name) && name.length === end - 1 ? { name, rest: bytes.subarray(end) } : null; // ZMTP-09 ZMTP-18
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
