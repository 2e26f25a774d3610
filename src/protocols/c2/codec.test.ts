import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { mutate } from '../../../testing/mutate.ts';
import { seededRandom } from '../../../testing/random.ts';
import type { Decoded } from '../../connections/decoded.ts';
import { encodeLine, LineFrames, type LineSide } from '../line-frames.ts';
import { down, frameUp, up, writeDown, writeUp } from './codec.ts';
import { MAX_FRAME_BYTES } from './limits.ts';
import { type Down, downSchemas, type Up, upSchemas } from './schema.ts';

type Vector = {
  readonly way: 'up' | 'down';
  readonly frame?: string;
  readonly hex?: string;
  readonly message?: Up & Down;
  readonly written?: string;
  readonly reason?: string;
};

const isUp = Compile(Type.Union(upSchemas));
const isDown = Compile(Type.Union(downSchemas));

function vectors(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));
}

function bytesOf({ frame, hex }: Vector): Uint8Array {
  return hex === undefined ? new TextEncoder().encode(frame) : Uint8Array.from(Buffer.from(hex, 'hex'));
}

function decode<M>(side: LineSide<M>, framing: 'stream' | 'message', chunks: Uint8Array[]): Decoded<M>[] {
  const decoder = new LineFrames(side, framing);
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

function checkVector(vector: Vector): void {
  const name = vector.frame ?? vector.hex;
  const side: LineSide<Up | Down> = vector.way === 'up' ? up : down;
  const bytes = bytesOf(vector);
  const line = Uint8Array.from([...bytes, 0x0a]);
  const expected =
    vector.reason === undefined
      ? { ok: true, message: vector.message }
      : { ok: false, reason: vector.reason, fatal: false };

  assert.deepEqual(decode(side, 'message', [bytes]), [expected], name);
  const single = Array.from(line, (byte) => Uint8Array.of(byte));
  assert.deepEqual(decode(side, 'stream', single), [expected], `${name}, one byte at a time`);
  for (let cut = 0; cut <= line.length; cut++) {
    const halves = [line.slice(0, cut), Uint8Array.from([...line.slice(cut), ...line])];
    assert.deepEqual(decode(side, 'stream', halves), [expected, expected], `${name}, cut at ${cut}`);
  }
  if (vector.message === undefined) return;
  assert.ok((vector.way === 'up' ? isUp : isDown).Check(vector.message), name);
  const written = vector.way === 'up' ? writeUp(vector.message) : writeDown(vector.message);
  assert.equal(written, vector.written ?? vector.frame);
}

test('C2-01 C2-03 C2-04 C2-05 C2-06 C2-13 C2-14 C2-86 C2-87 valid frames, whole, byte by byte and cut anywhere', () => {
  for (const vector of vectors('valid')) checkVector(vector);
});

test('C2-01 C2-02 C2-05 C2-10 C2-11 C2-13 C2-14 C2-32 C2-34 T4 T9 T10 invalid frames have a reason and do not end the stream', () => {
  for (const vector of vectors('invalid')) {
    checkVector(vector);
    assert.ok((vector.reason?.length ?? 0) <= 64);
  }
});

test('C2-01 the examples printed in c2.txt', () => {
  for (const vector of vectors('printed')) checkVector(vector);
});

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const phrase = fc.oneof(text, fc.string({ unit: fc.constantFrom(' ', ';', 'a', '\t', '/', '\n', '\r'), minLength: 1 }));
const name = fc
  .oneof(text, fc.string({ unit: fc.constantFrom(' ', 'a', 'é', '日', '🎈') }))
  .map((made) => made.replace(/[;\r\n]/g, '').replace(/^ +| +$/g, ''))
  .filter((made) => made !== '');
const stamp = fc.integer({ min: 0, max: 253_402_300_799_999 });
const echo = fc.option(fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 16 }));
const type = <T extends string>(value: T) => fc.constant(value);

const record = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;

const anyUp: fc.Arbitrary<Up> = fc.oneof(
  record({ type: type('CONNECT'), username: name, password: fc.option(phrase) }),
  record({ type: type('MSG'), timestamp: stamp, text: phrase }),
  record({ type: type('QUERY active_users') }),
  record({ type: type('QUERY update_message'), id: name, text: phrase }),
  record({ type: type('UPDATE'), property: type('username'), value: name }),
  record({ type: type('DISCONNECT') }),
  record({ type: type('PING'), timestamp: echo }),
);

const anyDown: fc.Arbitrary<Down> = fc.oneof(
  record({ type: type('ACKNOWLEDGE'), text: fc.oneof(phrase, fc.constant('')) }),
  record({ type: type('ERROR'), reason: phrase }),
  record({ type: type('MSG'), username: name, timestamp: stamp, id: fc.uuid({ version: 7 }), text: phrase }),
  record({ type: type('UPDATE'), username: name, property: type('username'), value: name }),
  record({ type: type('DISCONNECT disconnect'), username: name }),
  record({ type: type('DISCONNECT lost_connection'), username: name }),
  record({ type: type('DISCONNECT ban'), username: name, reason: fc.oneof(phrase, fc.constant('')) }),
  record({ type: type('PING'), timestamp: echo, server: fc.maxSafeNat() }),
);

/** The message after its text became one line. */
function oneLine<M extends Up | Down>(message: M): M {
  const fields = Object.entries(message).map(([key, value]) => [
    key,
    typeof value === 'string' ? value.replace(/\r\n|\r|\n/g, ' ') : value,
  ]);
  return Object.fromEntries(fields);
}

function roundTrip<M extends Up | Down>(
  side: LineSide<M>,
  write: (message: M) => string,
  frame: (message: M) => string = write,
) {
  return (message: M) => {
    assert.deepEqual(decode(side, 'message', [encodeLine(frame(message), 'message')]), [{ ok: true, message }]);
    const line = encodeLine(write(message), 'stream');
    assert.equal(line.indexOf(0x0a), line.length - 1);
    assert.deepEqual(decode(side, 'stream', [line]), [{ ok: true, message: oneLine(message) }]);
  };
}

test('C2-04 C2-07 C2-08 C2-85 a message written by a client reads back the same', () => {
  fc.assert(fc.property(anyUp, roundTrip(up, writeUp, frameUp)), { numRuns: 2000 });
});

test('C2-04 C2-07 C2-08 C2-58 T14 a message written by the server reads back the same', () => {
  fc.assert(fc.property(anyDown, roundTrip(down, writeDown)), { numRuns: 2000 });
});

test('C2-08 each line break becomes one blank in a stream and stays in a frame', () => {
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(encodeLine('c2/MSG 1; a\nb\r\nc\rd\n', 'stream')), 'c2/MSG 1; a b c d \n');
  assert.equal(decoder.decode(encodeLine('c2/MSG 1; a\nb\n', 'message')), 'c2/MSG 1; a\nb\n');
});

test('C2-07 C2-85 a frame is one message, and line ends in it are text but for one at its end', () => {
  const frame = new TextEncoder().encode('c2/MSG 1; a\r\nc2/DISCONNECT\n');
  const message = { type: 'MSG', timestamp: 1, text: 'a\r\nc2/DISCONNECT' };
  assert.deepEqual(decode(up, 'message', [frame]), [{ ok: true, message }]);
  assert.deepEqual(
    decode(up, 'stream', [frame]).map((read) => read.ok && read.message),
    [{ type: 'MSG', timestamp: 1, text: 'a' }, { type: 'DISCONNECT' }],
  );
});

test('C2-85 one line end at the end of a frame is dropped, for every type, and only one', () => {
  const read = (frame: string) => decode(up, 'message', [new TextEncoder().encode(frame)])[0];
  for (const vector of vectors('valid').filter(({ way }) => way === 'up'))
    for (const end of ['\n', '\r\n']) {
      const [ended] = decode(up, 'message', [Buffer.concat([bytesOf(vector), Buffer.from(end)])]);
      assert.deepEqual(ended, { ok: true, message: vector.message }, vector.frame);
    }
  for (const [frame, text] of Object.entries({ 'a\n\n': 'a\n', 'a\r\n\r\n': 'a\r\n', 'a\n\r\n': 'a\n', 'a\r': 'a\r' }))
    assert.deepEqual(read(`c2/MSG 1; ${frame}`), { ok: true, message: { type: 'MSG', timestamp: 1, text } });
  assert.equal(read(`c2/MSG 1; \n`)?.ok, false);
  assert.equal(read(`${'c2/MSG 1; '.padEnd(MAX_FRAME_BYTES, 'x')}\r\n`)?.ok, true);
});

test('C2-09 T6 the limit holds exactly, in both framings', () => {
  const tooLong = { ok: false, reason: 'message over 65536 bytes', fatal: true };
  for (const [size, good] of [
    [MAX_FRAME_BYTES - 1, true],
    [MAX_FRAME_BYTES, true],
    [MAX_FRAME_BYTES + 1, false],
  ] as const) {
    const frame = new TextEncoder().encode('c2/MSG 1; '.padEnd(size, 'x'));
    const whole = decode(up, 'message', [frame]);
    const [first, second] = decode(up, 'stream', [frame, new TextEncoder().encode('\nc2/PING\n')]);
    assert.equal(whole[0]?.ok, good);
    assert.equal(first?.ok, good);
    if (good) assert.deepEqual(second, { ok: true, message: { type: 'PING', timestamp: null } });
    else assert.deepEqual([whole, first, second], [[tooLong], tooLong, undefined]);
  }
});

test('C2-09 a line without an end is not kept', () => {
  const decoder = new LineFrames(up, 'stream');
  const chunk = new Uint8Array(1 << 20).fill(0x61);
  const reads = Array.from({ length: 64 }, () => [...decoder.push(chunk)]).flat();
  assert.equal(reads.length, 1);
  assert.equal(decoder.pending, false);
});

test('C2-07 a decoder knows whether it holds part of a message', () => {
  const stream = new LineFrames(up, 'stream');
  assert.equal(stream.pending, false);
  assert.deepEqual([...stream.push(new TextEncoder().encode('c2/PI'))], []);
  assert.equal(stream.pending, true);
  assert.equal([...stream.push(new TextEncoder().encode('NG\n'))].length, 1);
  assert.equal(stream.pending, false);
  const frames = new LineFrames(up, 'message');
  assert.equal([...frames.push(new TextEncoder().encode('c2/PI'))].length, 1);
  assert.equal(frames.pending, false);
});

test('C2-11 any bytes give messages of the schema or reasons, and never an exception', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary' }).map((made) => new TextEncoder().encode(`c2/${made}`)),
  );
  fc.assert(
    fc.property(fc.array(anyBytes, { maxLength: 5 }), (chunks) => {
      for (const framing of ['stream', 'message'] as const) {
        for (const read of decode(up, framing, chunks)) check(isUp, read);
        for (const read of decode(down, framing, chunks)) check(isDown, read);
      }
    }),
    { numRuns: 2000 },
  );
});

test('C2-11 100,000 mutated frames give messages of the schema or reasons', () => {
  const random = seededRandom(2);
  const seeds = vectors('valid').map(bytesOf);
  const splices = ['c2/', ';', '; ', ' ', '\n', '\r', '\0', '__proto__', '9'.repeat(17), '\ufeff', 'MSG', 'ban'];
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

test('C2-03 a message that would read back differently is not written', () => {
  for (const username of ['', ' a', 'a ', 'a;b', 'a\nb', 'a\rb', 'a\ud800']) {
    assert.throws(() => writeUp({ type: 'CONNECT', username, password: null }), TypeError);
    assert.throws(() => writeUp({ type: 'CONNECT', username, password: 'secret' }), TypeError);
    assert.throws(() => writeUp({ type: 'UPDATE', property: 'username', value: username }), TypeError);
    assert.throws(() => writeUp({ type: 'QUERY update_message', id: username, text: 'a' }), TypeError);
  }
  for (const bad of ['', 'a\udc00']) {
    assert.throws(() => writeUp({ type: 'MSG', timestamp: 1, text: bad }), TypeError);
    assert.throws(() => writeUp({ type: 'CONNECT', username: 'a', password: bad }), TypeError);
  }
});
