import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteAccumulator } from './byte-accumulator.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array) => new TextDecoder().decode(of);

test('collected pieces come before the last one, and are gone afterwards', () => {
  const accumulator = new ByteAccumulator(1_000);
  accumulator.append(bytes('ab'));
  accumulator.append(bytes('c'.repeat(100)));
  assert.equal(accumulator.length, 102);
  assert.equal(text(accumulator.finish(bytes('d'))), `ab${'c'.repeat(100)}d`);
  assert.equal(accumulator.length, 0);
});

test('a single piece is returned itself, not copied', () => {
  const accumulator = new ByteAccumulator(8);
  const piece = bytes('ab');
  assert.equal(accumulator.finish(piece), piece);
  accumulator.append(bytes('x'));
  accumulator.clear();
  assert.equal(accumulator.length, 0);
  assert.equal(accumulator.finish(piece), piece);
});

test('appended bytes may be reused, and finished ones do not change', () => {
  const accumulator = new ByteAccumulator(8);
  const piece = bytes('ab');
  accumulator.append(piece);
  piece.fill(0x78);
  const whole = accumulator.finish(bytes('c'));
  accumulator.append(bytes('yyy'));
  assert.equal(text(whole), 'abc');
});

test('the buffer grows by doubling, and never over the limit', () => {
  const accumulator = new ByteAccumulator(100);
  for (let index = 0; index < 99; index++) accumulator.append(bytes('a'));
  const whole = accumulator.finish(bytes('a'));
  assert.deepEqual([whole.length, whole.buffer.byteLength], [100, 100]);
});
