import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { peerCommand, peerPing, property, SERVER_READY } from '../../../testing/transports/zmtp.ts';
import { errorFrame, checkReady, pingFrame, pongFrame, readCommand, readPing, readyFrame } from './commands.ts';

const FRAME_HEADER = 2;
const dealer = property('Socket-Type', 'DEALER');
const bytes = (text: string) => Buffer.from(text, 'latin1');

test('ZMTP-18 a command is a name of letters with its length before it, and its data', () => {
  assert.deepEqual(readCommand(bytes('\x04PINGdata')), { name: 'PING', data: bytes('data') });
  assert.deepEqual(readCommand(bytes('\x01x')), { name: 'x', data: bytes('') });
  const longest = 'N'.repeat(255);
  assert.deepEqual(readCommand(bytes(`\xff${longest}`)), { name: longest, data: bytes('') });
  for (const body of [
    '',
    '\0',
    '\0PING',
    '\x05PING',
    '\x04PIN1',
    '\x04PI G',
    '\x04PIN\n',
    '\x02\xc3\x84',
    '\x04PIN\0',
  ]) {
    assert.equal(readCommand(bytes(body)), null, JSON.stringify(body));
  }
});

test('ZMTP-09 READY has properties with valid names and lengths', () => {
  const long = property('n'.repeat(255), Buffer.alloc(100));
  for (const more of ['', property('X-key', ''), property('a.b_c+d-9', 'any \0 value'), long]) {
    assert.equal(checkReady(Buffer.concat([dealer, Buffer.from(more)])), null);
    assert.equal(checkReady(Buffer.concat([Buffer.from(more), dealer])), null);
  }
  assert.equal(checkReady(property('sOCKET-tYPE', 'DEALER')), null);
  const broken = [
    '\0',
    '\x05abc',
    '\x03abc',
    '\x03abc\0\0\0',
    '\x03abc\0\0\0\x02x',
    '\x03a c\0\0\0\0',
    '\x03abc\xff\xff\xff\xffx',
  ];
  for (const more of broken) {
    assert.equal(checkReady(Buffer.concat([dealer, bytes(more)])), 'broken-metadata', JSON.stringify(more));
  }
});

test('ZMTP-09 T1 any cut of metadata, and any bytes, are accepted or refused without an exception', () => {
  const whole = Buffer.concat([property('Identity', 'me'), dealer, property('X-a', 'value')]);
  const ends = [property('Identity', 'me').length, 0, whole.length - property('X-a', 'value').length, whole.length];
  for (let cut = 0; cut <= whole.length; cut++) {
    const error = checkReady(whole.subarray(0, cut));
    if (!ends.includes(cut)) assert.equal(error, 'broken-metadata', `cut at ${cut}`);
    else assert.equal(error, cut < 20 ? 'Socket-Type-is-not-DEALER' : null, `cut at ${cut}`);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (any) => typeof checkReady(any) === 'string'));
});

test('ZMTP-10 only a DEALER is accepted, with exactly one Socket-Type', () => {
  const no = 'Socket-Type-is-not-DEALER';
  for (const type of ['REQ', 'REP', 'ROUTER', 'SUB', 'dealer', 'DEALERS', '']) {
    assert.equal(checkReady(property('Socket-Type', type)), no, type);
  }
  assert.equal(checkReady(bytes('')), no);
  assert.equal(checkReady(property('Socket', 'DEALER')), no);
  assert.equal(checkReady(Buffer.concat([dealer, property('socket-type', 'DEALER')])), 'Socket-Type-repeated');
});

test('ZMTP-11 an Identity has at most 255 bytes, other properties any', () => {
  const identity = (length: number) => checkReady(Buffer.concat([property('identity', Buffer.alloc(length)), dealer]));
  assert.equal(identity(0), null);
  assert.equal(identity(255), null);
  assert.equal(identity(256), 'Identity-too-long');
  assert.equal(checkReady(Buffer.concat([property('Resource', Buffer.alloc(256)), dealer])), null);
});

test('ZMTP-20 a PING has a TTL in tenths of seconds and at most 16 bytes of context', () => {
  const data = (frame: Buffer) => frame.subarray(FRAME_HEADER + 5);
  assert.deepEqual(readPing(data(peerPing())), { ttlMs: 0, context: bytes('') });
  assert.deepEqual(readPing(data(peerPing(600, 'context'))), { ttlMs: 60_000, context: bytes('context') });
  assert.deepEqual(readPing(data(peerPing(65_535, 'x'.repeat(16))))?.ttlMs, 6_553_500);
  assert.equal(readPing(data(peerPing(0, 'x'.repeat(17)))), null);
  assert.equal(readPing(bytes('')), null);
  assert.equal(readPing(bytes('\0')), null);
});

test('ZMTP-08 our READY, ERROR and PONG are as the documents say', () => {
  assert.deepEqual(readyFrame(), SERVER_READY);
  assert.deepEqual(errorFrame('why-not'), peerCommand('ERROR', '\x07why-not'));
  assert.deepEqual(pongFrame(bytes('context')), peerCommand('PONG', 'context'));
});

test('ZMTP-23 the TTL of our PING is our longest silence, or 0 if libzmq cannot count that long', () => {
  assert.deepEqual(pingFrame(60_000, ''), peerPing(600));
  assert.deepEqual(pingFrame(65_500, ''), peerPing(655));
  assert.deepEqual(pingFrame(65_501, ''), peerPing(0));
  assert.deepEqual(pingFrame(86_400_000, ''), peerPing(0));
});
