import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  DEALER_READY,
  longHeader,
  peerCommand,
  peerFrame,
  peerGreeting,
  peerPing,
  property,
} from '../../../testing/transports/zmtp.ts';
import { defaultLimits } from '../limits.ts';
import { readHandshake } from './handshake.ts';

const read = (...pieces: readonly (Uint8Array | string)[]) =>
  readHandshake(Buffer.concat(pieces.map((piece) => Buffer.from(piece))), defaultLimits);

test('ZMTP-07 a handshake is a greeting and READY; any cut of it needs more, and what follows is not read', () => {
  const handshake = Buffer.concat([peerGreeting(), DEALER_READY]);
  for (let cut = 1; cut < handshake.length; cut++) {
    assert.deepEqual(read(handshake.subarray(0, cut)), { type: 'more' }, `cut at ${cut}`);
  }
  const done = { type: 'done', hasHeartbeats: true, length: handshake.length };
  assert.deepEqual(read(handshake), done);
  assert.deepEqual(read(handshake, peerFrame(0, 'message')), done);
  assert.deepEqual(read(handshake, Buffer.alloc(100_000, 0xff)), done);
  assert.deepEqual(read(peerGreeting({ minor: 0 }), DEALER_READY), { ...done, hasHeartbeats: false });
});

test('ZMTP-07 anything but READY is refused, messages and long commands by their headers', () => {
  const refused = { type: 'refused', error: 'READY-expected' };
  const body = Buffer.concat([Buffer.from('\x05READY'), property('Socket-Type', 'DEALER')]);
  for (const frame of [
    peerPing(),
    peerCommand('SUBSCRIBE'),
    peerCommand('ready', property('Socket-Type', 'DEALER')),
    peerFrame(4),
    peerFrame(0),
    peerFrame(0, body),
    Buffer.concat([peerFrame(1), DEALER_READY]),
    Buffer.from([0, 1]),
    Buffer.from([1, 1]),
    longHeader(2, 2n ** 63n - 1n),
    longHeader(6, 513n),
    longHeader(6, 2n ** 64n - 1n),
    Buffer.from([0xff]),
  ]) {
    assert.deepEqual(read(peerGreeting(), frame), refused, frame.toString('hex'));
  }
  assert.deepEqual(read(peerGreeting(), longHeader(6, 512n)), { type: 'more' });
});

test('ZMTP-07 a peer that sends ERROR is refused without one', () => {
  assert.deepEqual(read(peerGreeting(), peerCommand('ERROR', '\x03why')), { type: 'refused', error: null });
});

test('ZMTP-10 a refused READY has a reason', () => {
  const ready = (...properties: readonly Buffer[]) => peerCommand('READY', Buffer.concat(properties));
  assert.deepEqual(read(peerGreeting(), ready(property('Socket-Type', 'REQ'))), {
    type: 'refused',
    error: 'Socket-Type-is-not-DEALER',
  });
  assert.deepEqual(read(peerGreeting(), ready(Buffer.from('\x05abc'))), { type: 'refused', error: 'broken-metadata' });
});

test('ZMTP-07 T1 for any bytes after 0xff the result does not change with more bytes, and comes within 600', () => {
  const noise = fc.uint8Array({ maxLength: 700 });
  const almost = fc.tuple(fc.constant(peerGreeting()), noise).map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(fc.oneof(noise, almost), (bytes) => {
      const all = Buffer.concat([Buffer.from([0xff]), bytes.subarray(1)]);
      const verdict = read(all);
      assert.ok(verdict.type !== 'more' || all.length < 600);
      let cut = 1;
      while (cut < all.length && read(all.subarray(0, cut)).type === 'more') cut++;
      assert.deepEqual(read(all.subarray(0, cut)), verdict);
    }),
  );
});
