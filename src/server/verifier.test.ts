import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readVerifier, writeVerifier } from './verifier.ts';

const bytes = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((array) => Buffer.from(array));
const costs = fc
  .tuple(fc.integer({ min: 792, max: 999_999 }), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }))
  .map(([memory, passes, parallelism]) => ({ memory, passes, parallelism }));
const verifiers = fc
  .tuple(costs, bytes(8, 64), bytes(16, 64))
  .map(([costs, salt, digest]) => ({ costs, salt, digest }));

test('SERVER-74 a verifier reads back as it was written, with its own costs', () => {
  fc.assert(fc.property(verifiers, (verifier) => assert.deepEqual(readVerifier(writeVerifier(verifier)), verifier)));
});

test('SERVER-74 the text is the one that other programs write for the same password', () => {
  const salt = Buffer.from('somesalt');
  const digest = Buffer.alloc(16, 0xff);
  assert.equal(
    writeVerifier({ costs: { memory: 65_536, passes: 2, parallelism: 1 }, salt, digest }),
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$/////////////////////w',
  );
});

test('SERVER-74 texts that are damaged, of another kind, or of too high costs are no verifiers', () => {
  const good = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$/////////////////////w';
  assert.notEqual(readVerifier(good), null);
  for (const text of [
    '',
    'x',
    good.slice(1),
    `${good}=`,
    `${good}\n`,
    good.replace('argon2id', 'argon2i'),
    good.replace('v=19', 'v=16'),
    good.replace('m=19456', 'm=7'),
    good.replace('p=1', 'p=0'),
    good.replace('m=19456,t=2,p=1', 'm=15,t=2,p=2'),
    good.replace('t=2', 't=0'),
    good.replace('t=2', 't=100'),
    good.replace('m=19456', 'm=4294967295'),
    good.replace('m=19456', 'm=1e4'),
    good.replace('c29tZXNhbHQ', 'c29t'),
    good.replace('c29tZXNhbHQ', 'c29t*XNhbHQ'),
    good.slice(0, -2),
  ]) {
    assert.equal(readVerifier(text), null, text);
  }
});
