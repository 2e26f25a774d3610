import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from './digest.ts';

test('a digest is 16 hex digits, the same for the same text', () => {
  for (const text of ['', 'a', 'hello', '\ud800', 'x'.repeat(20_000)]) {
    assert.match(digestOf(text), /^[0-9a-f]{16}$/);
    assert.equal(digestOf(text), digestOf([...text].join('')));
  }
});

test('a hundred thousand texts that differ little have as many digests', () => {
  const digests = new Set<string>();
  for (let number = 0; number < 50_000; number++) {
    digests.add(digestOf(`message ${number}`));
    digests.add(digestOf(`${number}\0`));
  }
  assert.equal(digests.size, 100_000);
});

test('half of a digest alone tells most texts apart', () => {
  const texts = Array.from({ length: 10_000 }, (_, index) => digestOf(`[1,{"text":"${index}"}]`));
  for (const half of [0, 8]) assert.ok(new Set(texts.map((digest) => digest.slice(half, half + 8))).size > 9_990);
});
