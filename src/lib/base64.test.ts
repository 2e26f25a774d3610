import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64, encodeBase64 } from './base64.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A bit by bit decoder, as RFC 4648 describes it. */
function reference(base64: string): number[] | null {
  const letters = base64.replace(/={1,2}$/, '');
  const padding = base64.length - letters.length;
  if (padding > 0 && base64.length % 4 !== 0) return null;
  if (letters.length % 4 === 1 || [...letters].some((letter) => !ALPHABET.includes(letter))) return null;
  const bits = [...letters].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(6, '0')).join('');
  const whole = bits.length - (bits.length % 8);
  if (bits.slice(whole).includes('1')) return null;
  return (bits.slice(0, whole).match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}

test('T10 the test vectors of RFC 4648, padded and not', () => {
  for (const [text, base64] of [
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ] as const) {
    const bytes = Uint8Array.from(Buffer.from(text));
    assert.equal(encodeBase64(bytes), base64);
    assert.deepEqual(decodeBase64(base64), bytes);
    assert.deepEqual(decodeBase64(base64.replace(/=+$/, '')), bytes);
  }
});

test('T10 any bytes are encoded as Node encodes them, and decoded again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const base64 = encodeBase64(bytes);
      assert.equal(base64, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(decodeBase64(base64), Uint8Array.from(bytes));
    }),
  );
});

test('T10 exactly what a strict reference decodes is decoded', () => {
  const letters = fc.constantFrom(...'AQgwYWJjZz/+9=', '=', '==', '-', '_', ' ', '\n', 'é', '日', '\0', '\u0141');
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 12 }), (made) => {
      const base64 = made.join('');
      const read = decodeBase64(base64);
      assert.deepEqual(read && [...read], reference(base64), base64);
    }),
    { numRuns: 5000 },
  );
});
