import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { objectsIn, ObjectSplitter } from './object-splitter.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function split(splitter: ObjectSplitter, chunks: Iterable<Uint8Array>): string[] {
  const objects: string[] = [];
  for (const chunk of chunks) {
    for (const object of splitter.push(chunk))
      objects.push(typeof object === 'string' ? object : new TextDecoder().decode(object));
  }
  return objects;
}

/** The same bytes in pieces that end at these indices. */
function pieces(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b);
  return [...ends, stream.length].map((end, index) => stream.slice(ends[index - 1] ?? 0, end));
}

const singly = (text: string) => Array.from(bytes(text), (byte) => Uint8Array.of(byte));

test('T2 an object ends with its last brace, whatever its strings hold and whatever white space follows', () => {
  for (const [stream, objects] of [
    ['{}{}', ['{}', '{}']],
    [' \t\r\n{"a":1}\n\n{"b":{"c":{}}}{', ['{"a":1}', '{"b":{"c":{}}}']],
    ['{"}":"{"}{"a":"\\"}"}{"a":"\\\\"}', ['{"}":"{"}', '{"a":"\\"}"}', '{"a":"\\\\"}']],
    ['{"a":[}{]}', ['{"a":[}', '{]}']],
    ['{\\"}"}{}', ['{\\"}"}', '{}']],
    ['{"é":"日本語 🎈"}', ['{"é":"日本語 🎈"}']],
  ] as const) {
    assert.deepEqual(split(new ObjectSplitter(64), [bytes(stream)]), objects);
    assert.deepEqual(split(new ObjectSplitter(64), singly(stream)), objects, `${stream}, one byte at a time`);
  }
});

test('T2 any cut of a stream gives the same objects and the same end', () => {
  const piece = fc.constantFrom('{', '}', '"', '\\', ' ', '\n', '{}', '{"a":"b"}', '[', 'x', 'é', '"a"');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(100), { maxLength: 8 }), (made, cuts) => {
      const stream = bytes(made.join(''));
      const whole = new ObjectSplitter(24);
      const cut = new ObjectSplitter(24);
      assert.deepEqual(split(cut, pieces(stream, cuts)), split(whole, [stream]));
      assert.equal(cut.held, whole.held);
      assert.ok(cut.held <= 24);
    }),
    { numRuns: 2000 },
  );
});

test('T2 any objects, one after the other and cut anywhere, are split again', () => {
  const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(object, { maxLength: 5 }), fc.array(fc.nat(400), { maxLength: 8 }), (objects, cuts) => {
      const texts = objects.map((made, index) => JSON.stringify(made, null, index % 3));
      const read = split(new ObjectSplitter(65_536), pieces(bytes(texts.join('')), cuts));
      assert.deepEqual(read, texts);
    }),
  );
});

test('T2 anything but an object ends the splitting at once', () => {
  for (const stray of ['x', '[]', '}', '"', '0', ',', '\0', '\u00a0', '\ufeff', '\v']) {
    for (const cut of [(text: string) => [bytes(text)], singly]) {
      assert.deepEqual(split(new ObjectSplitter(64), cut(`{} ${stray}{}{}`)), ['{}', 'not-an-object'], stray);
    }
  }
  const splitter = new ObjectSplitter(64);
  assert.deepEqual(split(splitter, [bytes('x'), bytes('{}')]), ['not-an-object']);
});

test('T1 an object may have `limit` bytes; one more ends the splitting, and nothing stays buffered', () => {
  const object = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
  for (const size of [1, 7, 1_000]) {
    const cut = (text: string) => (text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).map(bytes);
    assert.deepEqual(split(new ObjectSplitter(16), cut(`${object(16)} ${object(15)}{`)), [object(16), object(15)]);
    const splitter = new ObjectSplitter(16);
    assert.deepEqual(split(splitter, cut(`${object(16)}${object(17)}{}{}`)), [object(16), 'too-long']);
    assert.deepEqual(split(splitter, [bytes('{}')]), []);
    assert.equal(splitter.held, 0);
  }
});

test('T1 white space is not buffered, and an incomplete object at most up to the limit', () => {
  const splitter = new ObjectSplitter(1_024);
  const spaces = new Uint8Array(1 << 20).fill(0x20);
  for (let count = 0; count < 8; count++) assert.deepEqual(split(splitter, [spaces]), []);
  assert.equal(splitter.held, 0);
  for (const byte of singly(`{"${'a'.repeat(1_022)}`)) assert.deepEqual(split(splitter, [byte]), []);
  assert.equal(splitter.held, 1_024);
  assert.deepEqual(split(splitter, [bytes('"')]), ['too-long']);
});

test('buffered bytes are a copy: pushed bytes may be reused', () => {
  const splitter = new ObjectSplitter(64);
  const chunk = bytes('{"a"');
  split(splitter, [chunk]);
  chunk.fill(0x78);
  assert.deepEqual(split(splitter, [bytes(':1}')]), ['{"a":1}']);
});

test('T2 the objects in a frame are those that a stream of the same bytes has, all of them or none', () => {
  const piece = fc.constantFrom('{', '}', '"', '\\', ' ', '\n', '{}', '{"a":"b"}', '[', 'x', 'é', '"a"');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (made) => {
      const frame = bytes(made.join(''));
      const splitter = new ObjectSplitter(1_024);
      const expected = split(splitter, [frame]);
      const isWhole = splitter.held === 0 && expected.at(-1) !== 'not-an-object';
      const found = objectsIn(frame)?.map((object) => new TextDecoder().decode(object));
      assert.deepEqual(found, isWhole ? expected : undefined);
    }),
    { numRuns: 2000 },
  );
});
