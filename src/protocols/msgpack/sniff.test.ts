import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from './sniff.ts';

test('MSGP-15 headers of strings and arrays are msgpack, whatever follows; nothing else is', () => {
  const ours = (byte: number) =>
    (byte >= 0x90 && byte <= 0xbf) || (byte >= 0xc4 && byte <= 0xc6) || (byte >= 0xd9 && byte <= 0xdd);
  for (let byte = 0; byte < 256; byte++) {
    assert.equal(sniff(Uint8Array.of(byte)), ours(byte) ? 'yes' : 'no', byte.toString(16));
    assert.equal(sniff(Uint8Array.of(byte, 0x7b, 0xa5)), ours(byte) ? 'yes' : 'no', byte.toString(16));
  }
  assert.equal(sniff(new Uint8Array(0)), 'more');
});
