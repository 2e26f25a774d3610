import assert from 'node:assert/strict';
import test from 'node:test';
import { closeReason, serverFrame } from './frames.ts';

test('PORT-30 a frame has the shortest length that fits and the opcode of its type', () => {
  const headers: [number, string][] = [
    [0, '8100'],
    [125, '817d'],
    [126, '817e007e'],
    [65_535, '817effff'],
    [65_536, '817f0000000000010000'],
  ];
  for (const [length, header] of headers) {
    const payload = new Uint8Array(length).fill(7);
    const frame = Buffer.from(serverFrame('text', payload));
    assert.equal(frame.toString('hex', 0, header.length / 2), header);
    assert.deepEqual(frame.subarray(header.length / 2), Buffer.from(payload));
  }
  assert.equal(serverFrame('binary', new Uint8Array())[0], 0x82);
});

test('PORT-37 a reason is cut to 123 bytes between two characters', () => {
  assert.equal(closeReason('kicked').toString(), 'kicked');
  assert.equal(closeReason('x'.repeat(200)).toString(), 'x'.repeat(123));
  assert.equal(closeReason(`${'x'.repeat(122)}é`).toString(), 'x'.repeat(122));
  assert.equal(closeReason('🙂'.repeat(40)).toString(), '🙂'.repeat(30));
  assert.equal(closeReason('\ud800').toString(), '\ufffd');
});
