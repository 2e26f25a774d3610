import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from './lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function split(splitter: LineSplitter, chunks: Iterable<Uint8Array>): string[] {
  const lines: string[] = [];
  for (const chunk of chunks) {
    for (const line of splitter.push(chunk)) lines.push(line === 'too-long' ? '!' : new TextDecoder().decode(line));
  }
  return lines;
}

test('lines end at a newline, without the return before it', () => {
  const splitter = new LineSplitter(16);
  assert.deepEqual(split(splitter, [bytes('a\r\n\nb\rc\n\r\r\nrest')]), ['a', '', 'b\rc', '\r']);
  assert.equal(splitter.held, 4);
  assert.deepEqual(split(splitter, [bytes('\n')]), ['rest']);
  assert.equal(splitter.held, 0);
});

test('any cut of a stream gives the same lines', () => {
  const piece = fc.constantFrom('a', 'bb', '\n', '\r\n', '\r', 'é');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(80), { maxLength: 8 }), (pieces, cuts) => {
      const stream = bytes(pieces.join(''));
      const edges = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
      const chunks = edges.slice(1).map((edge, index) => stream.slice(edges[index], edge));
      const whole = pieces.join('').split('\n').slice(0, -1);
      assert.deepEqual(
        split(new LineSplitter(200), chunks),
        whole.map((line) => line.replace(/\r$/, '')),
      );
    }),
  );
});

test('a line may have `limit` bytes; one more gives `too-long`, in one piece or in many', () => {
  for (const size of [1, 3, 100]) {
    const cut = (text: string) => (text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []).map(bytes);
    assert.deepEqual(split(new LineSplitter(8), cut('1234567\n12345678\n')), ['1234567', '12345678']);
    const splitter = new LineSplitter(8);
    assert.deepEqual(split(splitter, cut('12345678\n123456789')), ['12345678', '!']);
    assert.deepEqual(split(splitter, cut('\nmore\n')), []);
    assert.equal(splitter.held, 0);
  }
});

test('buffered bytes are a copy: pushed bytes may be reused', () => {
  const splitter = new LineSplitter(8);
  const chunk = bytes('ab');
  split(splitter, [chunk]);
  chunk.fill(0x78);
  assert.deepEqual(split(splitter, [bytes('c\n')]), ['abc']);
});
