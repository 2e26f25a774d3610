import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteAccumulator } from './byte-accumulator.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array) => new TextDecoder().decode(of);

test('what is held comes before the last piece, and is gone afterwards', () => {
  const held = new ByteAccumulator(1_000);
  held.append(bytes('ab'));
  held.append(bytes('c'.repeat(100)));
  assert.equal(held.length, 102);
  assert.equal(text(held.finish(bytes('d'))), `ab${'c'.repeat(100)}d`);
  assert.equal(held.length, 0);
});

test('a piece before which nothing is held is given back itself, uncopied', () => {
  const held = new ByteAccumulator(8);
  const piece = bytes('ab');
  assert.equal(held.finish(piece), piece);
  held.append(bytes('x'));
  held.clear();
  assert.equal(held.length, 0);
  assert.equal(held.finish(piece), piece);
});

test('what was given may be used again, and what was finished stays as it is', () => {
  const held = new ByteAccumulator(8);
  const piece = bytes('ab');
  held.append(piece);
  piece.fill(0x78);
  const whole = held.finish(bytes('c'));
  held.append(bytes('yyy'));
  assert.equal(text(whole), 'abc');
});

test('it grows by doubling, and never over the limit', () => {
  const held = new ByteAccumulator(100);
  for (let index = 0; index < 99; index++) held.append(bytes('a'));
  const whole = held.finish(bytes('a'));
  assert.deepEqual([whole.length, whole.buffer.byteLength], [100, 100]);
});
