import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { mutate } from '../../../testing/mutate.ts';
import { seededRandom } from '../../../testing/random.ts';
import type { Decoded } from '../../connections/decoded.ts';
import { encodeJson, JsonFrames, type JsonSide } from '../json-frames.ts';
import { downSide, MAX_BYTES, MAX_DOWN_BYTES, readDown, up, writeDown, writeUp } from './codec.ts';
import { type Down, pushSchemas, statusSchema, type Up, upSchemas } from './schema.ts';

const down = downSide(readDown);

type Vector = {
  readonly way: 'up' | 'down';
  /** The input: an object, which is written without blanks; a text; or bytes in hex. */
  readonly object?: object;
  readonly frame?: string;
  readonly hex?: string;
  /** The message; and the object it is written as, if that differs from `object`. */
  readonly message?: Up & Down;
  readonly written?: object;
  readonly reason?: string;
  readonly fatal?: boolean;
  /** In a stream it means something else, or nothing. */
  readonly frameOnly?: boolean;
};

const isUp = Compile(Type.Union(upSchemas as readonly TSchema[] as TSchema[]));
const isDown = Compile(Type.Union([...pushSchemas, statusSchema] as readonly TSchema[] as TSchema[]));
const utf8 = new TextEncoder();

function vectors(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));
}

function bytesOf({ object, frame, hex }: Vector): Uint8Array {
  if (hex !== undefined) return Uint8Array.from(Buffer.from(hex, 'hex'));
  return utf8.encode(frame ?? JSON.stringify(object));
}

function decode<M>(read: JsonSide<M>, framing: 'stream' | 'message', chunks: readonly Uint8Array[]): Decoded<M>[] {
  const decoder = new JsonFrames(read, framing);
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

function checkVector(vector: Vector): void {
  const name = vector.hex ?? vector.frame ?? JSON.stringify(vector.object);
  const read: JsonSide<Up | Down> = vector.way === 'up' ? up : down;
  const bytes = bytesOf(vector);
  const { message, reason = '', fatal = false } = vector;
  const expected: Decoded<Up | Down> = message === undefined ? { ok: false, reason, fatal } : { ok: true, message };
  assert.deepEqual(decode(read, 'message', [bytes]), [expected], name);
  if (vector.frameOnly !== true) checkInStream(read, bytes, expected, name);
  assert.ok(reason.length <= 64);
  if (message === undefined) return;
  const written = vector.way === 'up' ? writeUp(message) : writeDown(message);
  assert.ok((vector.way === 'up' ? isUp : isDown).Check(JSON.parse(written)), `schema of what is written for ${name}`);
  if (vector.object !== undefined) assert.equal(written, JSON.stringify(vector.written ?? vector.object));
}

function checkInStream(read: JsonSide<Up | Down>, bytes: Uint8Array, expected: Decoded<Up | Down>, name: string): void {
  const next = utf8.encode('{}');
  const [after] = decode(read, 'stream', [next]);
  const both = !expected.ok && expected.fatal ? [expected] : [expected, after];
  const stream = Uint8Array.from([...bytes, ...next]);
  const singly = Array.from(stream, (byte) => Uint8Array.of(byte));
  assert.deepEqual(decode(read, 'stream', singly), both, `${name}, one byte at a time`);
  for (let cut = 0; cut <= stream.length; cut++)
    assert.deepEqual(decode(read, 'stream', [stream.slice(0, cut), stream.slice(cut)]), both, `${name}, cut at ${cut}`);
}

test('CODE-01 CODE-02 CODE-12 CODE-13 CODE-14 CODE-15 CODE-16 CODE-85 CODE-86 CODE-87 CODE-88 valid messages, whole, byte by byte and cut anywhere', () => {
  for (const vector of vectors('valid')) checkVector(vector);
});

test('CODE-03 CODE-06 CODE-07 CODE-11 CODE-12 CODE-14 CODE-15 T2 T3 T4 T9 T10 each invalid message has a reason, and ends the stream or not', () => {
  for (const vector of vectors('invalid')) checkVector(vector);
});

test('CODE-01 CODE-15 CODE-16 the examples printed in codechat.txt, and the same with corrected misprints', () => {
  for (const vector of vectors('printed')) checkVector(vector);
});

test('CODE-12 a reason repeats nothing of the command', () => {
  const [read] = decode(up, 'message', [utf8.encode('{"cmd":"connect","username":{"secret":"word"}}')]);
  assert.ok(read !== undefined && !read.ok && !/secret|word/.test(read.reason));
});

const text = fc.string({ unit: 'binary', maxLength: 40 });
/** Without the end of a buffer, which is cut off. */
const typed = text.map((made) => made.replace(/\0+$/, ''));
const name = <T extends string>(value: T) => fc.constant(value);

/** All of the `needed` fields, and any of the `optional` ones. */
function record<T extends object, O extends object = object>(
  needed: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional?: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<T & Partial<O>> {
  const requiredKeys = Object.keys(needed) as never[];
  return fc.record({ ...needed, ...optional }, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<T & Partial<O>>;
}

const anyUp: fc.Arbitrary<Up> = fc.oneof(
  record({ cmd: name('connect'), username: typed }, { password: text, echo: fc.boolean() }),
  record({ cmd: name('rename'), oldname: typed, newname: typed }),
  record({ cmd: name('get-clients') }),
  record({ cmd: name('exit') }),
  record({ cmd: name('msg'), msg: typed }),
);

const anyDown: fc.Arbitrary<Down> = fc.oneof(
  record({ success: fc.boolean(), 'error-msg': text, 'success-msg': text }, { clients: fc.array(text) }),
  record({ cmd: name('message'), user: text, msg: typed }),
  record({ cmd: name('client-enter'), user: text }),
  record({ cmd: name('client-exit'), user: text }),
);

function roundTrip<M extends Up | Down>(write: (message: M) => string, read: JsonSide<M>) {
  return (messages: readonly M[], cut: number) => {
    const expected = messages.map((message) => ({ ok: true, message }));
    const frames = messages.map((message) => encodeJson(write(message), 'message'));
    assert.deepEqual(decode(read, 'message', frames), expected);
    const lines = Buffer.concat(messages.map((message) => encodeJson(write(message), 'stream')));
    assert.equal(lines.toString().split('\n').length, messages.length + 1);
    for (const stream of [lines, Buffer.concat(frames)]) {
      const at = cut % (stream.length + 1);
      assert.deepEqual(decode(read, 'stream', [stream.subarray(0, at), stream.subarray(at)]), expected);
    }
  };
}

test('CODE-02 CODE-04 CODE-14 a written command reads back the same, with and without text between commands', () => {
  fc.assert(fc.property(fc.array(anyUp), fc.nat(), roundTrip(writeUp, up)), { numRuns: 1_000 });
});

test('CODE-02 CODE-04 CODE-59 T14 a message written by the server reads back the same', () => {
  fc.assert(fc.property(fc.array(anyDown), fc.nat(), roundTrip(writeDown, down)), { numRuns: 1_000 });
});

test('CODE-85 T6 a whole buffer of 8 KiB is one text, as escapes too, and no many of them take long', () => {
  const frame = utf8.encode(`{"cmd":"msg","msg":"hello\\n${'\\u0000'.repeat(8_186)}"}`);
  assert.deepEqual(decode(up, 'stream', [frame]), [{ ok: true, message: { cmd: 'msg', msg: 'hello' } }]);
  const inside = `a${'\0'.repeat(10_000)}b`;
  const read = decode(up, 'message', [utf8.encode(JSON.stringify({ cmd: 'msg', msg: inside }))]);
  assert.deepEqual(read, [{ ok: true, message: { cmd: 'msg', msg: inside } }]);
});

test('CODE-88 CODE-77 the longest text fits into a push, though a push has it twice and each character may be escaped', () => {
  const longest = `(private to ${'\u{1F600}'.repeat(32)}) * ${'"\\\n\t'.repeat(4_096)}`;
  const bytes = utf8.encode(writeDown({ cmd: 'message', user: 'x'.repeat(32), msg: longest }));
  assert.ok(bytes.length > MAX_BYTES && bytes.length < MAX_DOWN_BYTES, `${bytes.length}`);
  assert.equal(decode(down, 'message', [bytes])[0]?.ok, true);
});

test('CODE-15 a status has its three fields in the order of the document, whatever order the object has', () => {
  const status = { clients: ['b', 'a'], 'success-msg': 'b, a', 'error-msg': '', success: true };
  assert.equal(writeDown(status), '{"success":true,"error-msg":"","success-msg":"b, a","clients":["b","a"]}');
});

test('CODE-05 T1 the limit holds exactly, in both framings', () => {
  const tooLong = { ok: false, reason: 'a message is too long', fatal: true };
  for (const [size, good] of [
    [MAX_BYTES - 1, true],
    [MAX_BYTES, true],
    [MAX_BYTES + 1, false],
  ] as const) {
    const frame = utf8.encode(`${'{"cmd":"msg","msg":"'.padEnd(size - 2, 'x')}"}`);
    assert.equal(frame.length, size);
    const whole = decode(up, 'message', [frame]);
    const [first, second] = decode(up, 'stream', [frame, utf8.encode('{"cmd":"exit"}')]);
    assert.deepEqual([whole[0]?.ok, first?.ok], [good, good]);
    if (good) assert.deepEqual(second, { ok: true, message: { cmd: 'exit' } });
    else assert.deepEqual([whole, first, second], [[tooLong], tooLong, undefined]);
  }
});

test('CODE-05 an object without an end is not kept', () => {
  const decoder = new JsonFrames(up, 'stream');
  const chunk = new Uint8Array(1 << 20).fill(0x7b);
  const reads = Array.from({ length: 64 }, () => [...decoder.push(chunk)]).flat();
  assert.equal(reads.length, 1);
  assert.equal(decoder.pending, false);
});

test('CODE-06 T2 after broken JSON nothing is read, in the same piece or later', () => {
  const decoder = new JsonFrames(up, 'stream');
  const push = (piece: string) => [...decoder.push(utf8.encode(piece))];
  const reads = push('{"cmd":"exit"}{"cmd":}{"cmd":"exit"}');
  assert.deepEqual(
    reads.map(({ ok }) => ok),
    [true, false],
  );
  assert.deepEqual([push('{"cmd":"exit"}'), push('{"cmd"'), decoder.pending], [[], [], false]);
});

test('CODE-02 a decoder knows whether it holds part of an object', () => {
  const stream = new JsonFrames(up, 'stream');
  assert.equal(stream.pending, false);
  assert.deepEqual([...stream.push(utf8.encode('{"cmd":'))], []);
  assert.equal(stream.pending, true);
  assert.equal([...stream.push(utf8.encode('"exit"}'))].length, 1);
  assert.equal(stream.pending, false);
  const frames = new JsonFrames(up, 'message');
  assert.equal([...frames.push(utf8.encode('{"cmd":'))].length, 1);
  assert.equal(frames.pending, false);
});

test('CODE-06 any bytes give messages of the schema or reasons, and never an exception', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((made) => utf8.encode(made)),
    fc.string({ unit: 'binary' }).map((made) => utf8.encode(`{"cmd":"msg","msg":${JSON.stringify(made)}}`)),
  );
  fc.assert(
    fc.property(fc.array(anyBytes, { maxLength: 5 }), (chunks) => {
      for (const framing of ['stream', 'message'] as const) {
        for (const read of decode(up, framing, chunks)) check(isUp, read);
        for (const read of decode(down, framing, chunks)) check(isDown, read);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('CODE-06 100,000 mutated objects give messages of the schema or reasons', () => {
  const random = seededRandom(4);
  const seeds = vectors('valid').map(bytesOf);
  const splices = ['{', '}', '"', '\\', ':', ',', '[', ']', '\n', '\0', '__proto__', '9'.repeat(33), 'null', '"cmd"'];
  for (let round = 0; round < 100_000; round++) {
    const chunk = [mutate(random, seeds, splices)];
    for (const read of decode(up, 'message', chunk)) check(isUp, read);
    for (const read of decode(down, 'message', chunk)) check(isDown, read);
    for (const read of decode(up, 'stream', chunk)) check(isUp, read);
  }
});

function check(schema: { Check(value: unknown): boolean }, read: Decoded<Up | Down>): void {
  if (read.ok) assert.ok(schema.Check(read.message), JSON.stringify(read.message));
  else assert.ok(read.reason.length <= 64);
}

test('CODE-12 a command that would read back differently, or not at all, is not written', () => {
  for (const msg of ['a\ud800', '\udc00', 'x'.repeat(MAX_BYTES)])
    assert.throws(() => writeUp({ cmd: 'msg', msg }), TypeError);
});
