import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { mutate } from '../../../testing/mutate.ts';
import { seededRandom } from '../../../testing/random.ts';
import { concat } from '../../lib/bytes.ts';
import type { Decoded } from '../../connections/decoded.ts';
import { down, FrameDecoder, type Side, up, writeDown, writeUp } from './codec.ts';
import { type Down, downSchemas, type Up, upSchemas } from './schema.ts';

type Vector = {
  readonly says: string;
  readonly way: 'up' | 'down';
  readonly form: 'plain' | 'wrapped';
  /** The bytes in hex, with any blanks between them. */
  readonly hex: string;
  /** The message; and its written bytes, if they differ from `hex`. */
  readonly message?: Up & Down;
  readonly written?: string;
  /** The fault, whether it is fatal in a frame, and its effect in a stream: `other` is another result than in a frame, `none` no result. */
  readonly reason?: string;
  readonly fatal?: boolean;
  readonly stream?: 'ends' | 'waits' | 'other' | 'none';
};

const isUp = Compile(Type.Union(upSchemas));
const isDown = Compile(Type.Union(downSchemas));
const next: Up = { action: 'logout', username: 'next' };
const nextBytes = writeUp(next, 'plain');

function vectors(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function decode<M>(side: Side<M>, framing: 'stream' | 'message', chunks: readonly Uint8Array[]) {
  const decoder = new FrameDecoder(side, framing);
  const reads: Decoded<M>[] = chunks.flatMap((chunk) => [...decoder.push(chunk)]);
  return { reads, encoding: decoder.encoding, pending: decoder.pending };
}

/** The same bytes whole, one at a time, and cut in two at each position. */
function cuts(bytes: Uint8Array): Uint8Array[][] {
  const halves = Array.from(bytes, (_, at) => [bytes.slice(0, at), bytes.slice(at)]);
  return [[bytes], Array.from(bytes, (byte) => Uint8Array.of(byte)), ...halves];
}

function checkInStream(bytes: Uint8Array, { says, form: encoding, stream, hex }: Vector, read: Decoded<Up>): void {
  if (stream === 'other') return assert.notDeepEqual(decode(up, 'stream', [bytes]).reads, [read], says);
  if (stream === 'waits') {
    for (const chunks of cuts(bytes))
      assert.deepEqual(decode(up, 'stream', chunks), { reads: [], encoding: 'plain', pending: hex !== '' }, says);
    return;
  }
  const fault = read.ok ? read : { ...read, fatal: stream === 'ends' };
  const reads = stream === 'ends' ? [fault] : [fault, { ok: true, message: next }];
  for (const chunks of cuts(concat([bytes, nextBytes])))
    assert.deepEqual(decode(up, 'stream', chunks), { reads, encoding, pending: false }, says);
}

function checkUp(vector: Vector): void {
  const { says, form: encoding, message, reason = '', fatal = false } = vector;
  const read: Decoded<Up> = message === undefined ? { ok: false, reason, fatal } : { ok: true, message };
  const bytes = bytesOf(vector.hex);
  assert.deepEqual(decode(up, 'message', [bytes]), { reads: [read], encoding, pending: false }, says);
  checkInStream(bytes, vector, read);
  if (message === undefined) return;
  assert.ok(isUp.Check(message), says);
  assert.deepEqual(writeUp(message, encoding), bytesOf(vector.written ?? vector.hex), says);
}

function checkDown(vector: Vector): void {
  const { says, form: encoding, message, reason = '', fatal = false } = vector;
  const read: Decoded<Down> = message === undefined ? { ok: false, reason, fatal } : { ok: true, message };
  assert.deepEqual(decode(down, 'message', [bytesOf(vector.hex)]), { reads: [read], encoding, pending: false }, says);
  if (message === undefined) return;
  assert.ok(isDown.Check(message), says);
  assert.deepEqual(writeDown(message, encoding), bytesOf(vector.written ?? vector.hex), says);
}

test('MSGP-01 MSGP-02 MSGP-04 MSGP-05 MSGP-06 MSGP-07 MSGP-18 MSGP-19 MSGP-81 valid messages, whole, byte by byte and cut anywhere', () => {
  for (const vector of vectors('valid')) (vector.way === 'up' ? checkUp : checkDown)(vector);
});

test('MSGP-02 MSGP-03 MSGP-07 MSGP-08 MSGP-09 MSGP-10 MSGP-11 MSGP-12 MSGP-13 MSGP-14 MSGP-18 T1 T2 T4 T10 each invalid message has a reason, and ends the stream or not', () => {
  for (const vector of vectors('invalid')) (vector.way === 'up' ? checkUp : checkDown)(vector);
});

test('MSGP-16 a reason repeats nothing of the message', () => {
  for (const { reason = '', hex } of vectors('invalid')) {
    assert.ok(reason.length <= 64);
    for (const word of Buffer.from(hex.replaceAll(' ', ''), 'hex')
      .toString('latin1')
      .match(/[a-z_]{4,}/g) ?? [])
      assert.ok(!reason.includes(word), word);
  }
});

const text = fc.string({ unit: 'binary', maxLength: 40 });
const action = <A extends Up['action']>(value: A) => fc.constant(value);
const type = <T extends Down['type']>(value: T) => fc.constant(value);
const noNullPrototype = { noNullPrototype: true };
const named = { username: text, password: text };
const credentials = { username: text, token: text };

const anyUp: fc.Arbitrary<Up> = fc.oneof(
  fc.record({ action: action('register'), ...named }, noNullPrototype),
  fc.record({ action: action('login'), ...named }, noNullPrototype),
  fc.record({ action: action('logout'), username: text }, noNullPrototype),
  fc.record({ action: action('add_contact'), ...credentials, contact: text }, noNullPrototype),
  fc.record({ action: action('whisper'), ...credentials, recipient: text, content: text }, noNullPrototype),
  fc.record({ action: action('create_group'), ...credentials, group: text }, noNullPrototype),
  fc.record({ action: action('join_group'), ...credentials, group: text }, noNullPrototype),
  fc.record({ action: action('msg_group'), ...credentials, group: text, content: text }, noNullPrototype),
);

const anyDown: fc.Arbitrary<Down> = fc.oneof(
  fc.record({ type: type('response true') }, noNullPrototype),
  fc.record({ type: type('response login'), ...credentials }, noNullPrototype),
  fc.record({ type: type('response false'), reason: text }, noNullPrototype),
  fc.record({ type: type('update whisper'), sender: text, content: text }, noNullPrototype),
  fc.record({ type: type('update msg_group'), group: text, sender: text, content: text }, noNullPrototype),
);
const anyEncoding = fc.constantFrom('plain' as const, 'wrapped' as const);

test('MSGP-01 MSGP-02 MSGP-06 MSGP-19 T14 a message written by a client reads back the same', () => {
  const check = (message: Up, encoding: 'plain' | 'wrapped') => {
    assert.ok(isUp.Check(message));
    const bytes = writeUp(message, encoding);
    for (const framing of ['message', 'stream'] as const)
      assert.deepEqual(decode(up, framing, [bytes]), { reads: [{ ok: true, message }], encoding, pending: false });
  };
  fc.assert(fc.property(anyUp, anyEncoding, check), { numRuns: 2000 });
});

test('MSGP-02 MSGP-06 MSGP-18 MSGP-19 T14 a message written by the server reads back the same', () => {
  const check = (message: Down, encoding: 'plain' | 'wrapped') => {
    assert.ok(isDown.Check(message));
    const reads = [{ ok: true, message }];
    assert.deepEqual(decode(down, 'message', [writeDown(message, encoding)]), { reads, encoding, pending: false });
  };
  fc.assert(fc.property(anyDown, anyEncoding, check), { numRuns: 2000 });
});

test('MSGP-04 T2 the stream gives the same messages and faults however it is cut', () => {
  const skipped = vectors('invalid').filter(({ way, stream }) => way === 'up' && stream === undefined);
  const piece = fc.oneof(
    fc.tuple(anyUp, anyEncoding).map(([message, encoding]) => writeUp(message, encoding)),
    fc.constantFrom(...skipped).map(({ hex }) => bytesOf(hex)),
  );
  const check = (pieces: Uint8Array[], places: number[]) => {
    const stream = concat(pieces);
    const edges = [
      0,
      ...places.map((conversation) => conversation % (stream.length + 1)).sort((a, b) => a - b),
      stream.length,
    ];
    const chunks = edges.slice(1).map((edge, index) => stream.slice(edges[index], edge));
    const expected = pieces.flatMap((bytes) => decode(up, 'message', [bytes]).reads);
    assert.deepEqual(decode(up, 'stream', chunks).reads, expected);
  };
  const cut = fc.array(fc.nat(2000), { maxLength: 12 });
  fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), cut, check), { numRuns: 1000 });
});

test('MSGP-02 the encoding changes at the first array, before its message is yielded, and then stays', () => {
  const decoder = new FrameDecoder(up, 'stream');
  const forms = (...chunks: Uint8Array[]) => {
    const seen: string[] = [];
    for (const { ok } of decoder.push(concat(chunks))) seen.push(`${decoder.encoding} ${ok}`);
    return seen;
  };
  assert.deepEqual(forms(nextBytes, nextBytes), ['plain true', 'plain true']);
  assert.deepEqual(forms(Uint8Array.of(0x92)), []);
  assert.equal(decoder.encoding, 'plain');
  assert.deepEqual(forms(nextBytes, nextBytes, writeUp(next, 'wrapped')), [
    'wrapped true',
    'wrapped true',
    'wrapped true',
  ]);
  for (const bytes of [[0x90], [0x91], [0xdd, 0xff, 0xff, 0xff, 0xff]]) {
    const frames = new FrameDecoder(up, 'message');
    for (const { ok } of frames.push(Uint8Array.from(bytes)))
      assert.deepEqual([frames.encoding, ok], ['wrapped', false]);
  }
});

test('MSGP-04 a message with too few values takes values of the next one in a stream', () => {
  const message = { action: 'login', username: 'alice', password: 'logout' };
  const short = bytesOf('a5 6c6f67696e  a5 616c696365');
  assert.deepEqual(decode(up, 'stream', [concat([short, nextBytes])]).reads, [
    { ok: true, message },
    { ok: false, reason: 'unknown action', fatal: true },
  ]);
  assert.equal(decode(up, 'stream', [concat([nextBytes, nextBytes, nextBytes])]).reads.length, 3);
});

test('MSGP-09 MSGP-14 T2 after a fatal fault nothing is read, in the same bytes or later', () => {
  for (const { hex } of vectors('invalid').filter(({ stream }) => stream === 'ends')) {
    const decoder = new FrameDecoder(up, 'stream');
    const reads = [concat([bytesOf(hex), nextBytes]), nextBytes].flatMap((chunk) => [...decoder.push(chunk)]);
    assert.deepEqual([reads.length, reads[0]?.ok, decoder.pending], [1, false, false], hex);
  }
});

test('MSGP-04 a decoder knows whether it holds part of a message', () => {
  const stream = new FrameDecoder(up, 'stream');
  assert.equal(stream.pending, false);
  assert.deepEqual([...stream.push(nextBytes.slice(0, 3))], []);
  assert.equal(stream.pending, true);
  assert.equal([...stream.push(nextBytes.slice(3))].length, 1);
  assert.equal(stream.pending, false);
  const frames = new FrameDecoder(up, 'message');
  assert.equal([...frames.push(nextBytes.slice(0, 3))].length, 1);
  assert.equal(frames.pending, false);
});

test('MSGP-19 a message that would read back differently is not written', () => {
  const whisper = { action: 'whisper', username: 'a', token: 't', recipient: 'b', content: '' } as const;
  for (const encoding of ['plain', 'wrapped'] as const) {
    for (const wrong of [{ username: 'a\ud800' }, { content: '\udc00' }, { content: 'x'.repeat(65_536) }])
      assert.throws(() => writeUp({ ...whisper, ...wrong }, encoding), TypeError);
    for (const wrong of [undefined, null, 5, true])
      assert.throws(() => writeUp({ ...whisper, content: wrong as unknown as string }, encoding), TypeError);
    const room = 65_536 - writeUp(whisper, encoding).length - 2;
    assert.equal(writeUp({ ...whisper, content: 'x'.repeat(room) }, encoding).length, 65_536);
    assert.throws(() => writeUp({ ...whisper, content: 'x'.repeat(room + 1) }, encoding), TypeError);
  }
});

test('MSGP-16 any bytes give messages of the schema or reasons, and never an exception', () => {
  const seeds = vectors('valid').map(({ hex }) => bytesOf(hex));
  const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...seeds));
  fc.assert(fc.property(fc.array(anyBytes, { maxLength: 5 }), checkAnything), { numRuns: 3000 });
});

test('MSGP-16 T2 T4 50,000 mutated messages give messages of the schema or reasons', () => {
  const random = seededRandom(4);
  const seeds = [...vectors('valid'), ...vectors('invalid')].map(({ hex }) => bytesOf(hex));
  const splices = ['\x00', '\x05', 'login', 'logout', '__proto__', 'x'.repeat(40), '\ufeff'];
  for (let round = 0; round < 50_000; round++) checkAnything([mutate(random, seeds, splices)]);
});

function checkAnything(chunks: readonly Uint8Array[]): void {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const inStream = decode(up, 'stream', chunks).reads;
  assert.ok(inStream.length <= length);
  for (const read of [...inStream, ...decode(up, 'message', chunks).reads]) check(isUp, read);
  for (const read of decode(down, 'message', chunks).reads) check(isDown, read);
}

function check(schema: { Check(value: unknown): boolean }, read: Decoded<Up | Down>): void {
  if (read.ok) assert.ok(schema.Check(read.message), JSON.stringify(read.message));
  else assert.ok(read.reason.length <= 64);
}
