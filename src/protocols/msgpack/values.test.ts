import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMulti, Encoder, ExtData, decode as reference } from '@msgpack/msgpack';
import fc from 'fast-check';
import { concat } from '../../lib/bytes.ts';
import { encode } from './pack.ts';
import { valuesAt } from './values.ts';
import { Walk } from './walk.ts';

const LIMIT = 65_536;
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom('x', 'é', '日', '🎈'),
      fc.constantFrom(7, 10, 11, 31, 32, 63, 64, 85, 86, 127, 128, 255, 256, 16_384),
    )
    .map(([letter, count]) => letter.repeat(count)),
);
const values = fc.array(fc.oneof(text, fc.boolean()), { minLength: 1, maxLength: 5 });

test('MSGP-01 MSGP-02 MSGP-06 another decoder reads the same values', () => {
  const check = (made: (string | boolean)[]) => {
    assert.deepEqual([...decodeMulti(encode(made, 'plain'))], made);
    assert.deepEqual(reference(encode(made, 'wrapped')), made);
  };
  fc.assert(fc.property(values, check), { numRuns: 1000 });
});

test('MSGP-06 another encoder writes the same bytes', () => {
  const encoder = new Encoder();
  const check = (made: (string | boolean)[]) => {
    assert.deepEqual(encode(made, 'wrapped'), encoder.encode(made));
    assert.deepEqual(encode(made, 'plain'), concat(made.map((value) => encoder.encode(value))));
  };
  fc.assert(fc.property(values, check), { numRuns: 1000 });
});

test('MSGP-05 we read the same values from another encoder, strings as bin too', () => {
  const encoder = new Encoder();
  const check = (made: (string | boolean)[], asBin: boolean) => {
    const given = made.map((value) => (asBin && typeof value === 'string' ? new TextEncoder().encode(value) : value));
    const sequence = concat(given.map((value) => encoder.encode(value)));
    assert.deepEqual(valuesAt(sequence, 0, made.length), { ok: true, value: made });
    const array = encoder.encode(given);
    assert.deepEqual(valuesAt(array, 1, made.length), { ok: true, value: made });
  };
  fc.assert(fc.property(values, fc.boolean(), check), { numRuns: 1000 });
});

/** Values for another encoder, nested at most 4 deep. */
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(text, fc.boolean(), fc.integer(), fc.double(), fc.maxSafeInteger(), fc.constant(null)),
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.nat(127), fc.uint8Array({ maxLength: 40 })).map(([type, data]) => new ExtData(type, data)),
    ),
    fc.array(tie('anything'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('anything'), { maxKeys: 3 }),
  ),
}));

test('MSGP-08 MSGP-11 MSGP-17 a value of any type ends where another encoder ends it, and any part of it is incomplete', () => {
  const encoder = new Encoder();
  const check = (value: unknown) => {
    const bytes = encoder.encode(value);
    const walk = new Walk(bytes, LIMIT);
    const obstacle = walk.over(1);
    fc.pre(obstacle?.type !== 'refused');
    assert.deepEqual([obstacle, walk.at], [null, bytes.length]);
    assert.deepEqual(new Walk(bytes, bytes.length).over(1), null);
    for (let length = 0; length < Math.min(bytes.length, 100); length++) {
      const part = new Walk(bytes.subarray(0, length), LIMIT).over(1);
      assert.ok(part?.type === 'more' && part.needed > length && part.needed <= bytes.length, JSON.stringify(part));
      if (length > 0) assert.equal(new Walk(bytes, length).over(1)?.type, 'refused');
    }
  };
  fc.assert(fc.property(anything, check), { numRuns: 2000, maxSkipsPerRun: 20 });
});

test('MSGP-08 MSGP-14 T2 another decoder finds the same end of each complete value', () => {
  const extensionCodec = { tryToEncode: () => null, decode: (data: Uint8Array) => data };
  const options = { rawStrings: true, useBigInt64: true, mapKeyConverter: () => 'key', extensionCodec };
  const check = (bytes: Uint8Array) => {
    const walk = new Walk(bytes, LIMIT);
    if (walk.over(1) === null) reference(bytes.subarray(0, walk.at), options);
  };
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), check), { numRuns: 20_000 });
});
