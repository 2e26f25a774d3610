import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { encodeLine, LineFrames } from '../line-frames.ts';
import { MAX_BYTES, up, writeDown } from './codec.ts';
import { type Down, downSchemas, type Up, upSchemas } from './schema.ts';

type Vector = {
  readonly way: 'up' | 'down';
  readonly frame?: string;
  readonly hex?: string;
  readonly message?: Up & Down;
  readonly reason?: string;
};

const isUp = Compile(Type.Union(upSchemas));
const isDown = Compile(Type.Union(downSchemas));
const utf8 = new TextEncoder();

function vectors(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));
}

function decode(framing: 'stream' | 'message', ...chunks: readonly Uint8Array[]) {
  const decoder = new LineFrames(up, framing);
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

function checkUp({ frame, hex, message, reason }: Vector): void {
  const bytes = hex === undefined ? utf8.encode(frame) : Uint8Array.from(Buffer.from(hex, 'hex'));
  const expected = message === undefined ? { ok: false, reason, fatal: false } : { ok: true, message };
  assert.deepEqual(decode('message', bytes), [expected], frame);
  const line = Buffer.concat([bytes, utf8.encode('\r\n')]);
  for (let end = 0; end <= line.length; end++) {
    const read = decode('stream', line.subarray(0, end), Buffer.concat([line.subarray(end), line]));
    assert.deepEqual(read, [expected, expected], `${frame}, cut at ${end}`);
  }
}

test('TEMPLATE-01 TEMPLATE-03 TEMPLATE-05 TEMPLATE-30 TEMPLATE-31 TEMPLATE-34 valid messages, up whole and cut anywhere, and down', () => {
  for (const vector of vectors('valid')) {
    const { way, frame, message } = vector;
    assert.ok(message !== undefined && (way === 'up' ? isUp : isDown).Check(message), frame);
    if (way === 'up') checkUp(vector);
    else assert.equal(writeDown(message), frame);
  }
});

test('TEMPLATE-01 TEMPLATE-02 TEMPLATE-04 TEMPLATE-08 TEMPLATE-09 T4 T10 an unreadable message has a reason and does not end the stream', () => {
  for (const vector of vectors('invalid')) {
    checkUp(vector);
    assert.ok((vector.reason?.length ?? 0) <= 64);
  }
});

test('TEMPLATE-05 TEMPLATE-06 in a stream a line is one message; a frame is one message with its line breaks', () => {
  const written = writeDown({ type: 'SAID', name: 'alice', text: 'a\nb\r\nc\rd' });
  assert.deepEqual(encodeLine(written, 'stream'), utf8.encode('template SAID alice a b c d\n'));
  assert.deepEqual(encodeLine(written, 'message'), utf8.encode('template SAID alice a\nb\r\nc\rd'));
  const message = { type: 'SAY', text: 'a\ntemplate QUIT' };
  assert.deepEqual(decode('message', utf8.encode('template SAY a\ntemplate QUIT\r\n')), [{ ok: true, message }]);
});

test('TEMPLATE-07 T7 the limit holds exactly, and a longer message is not kept', () => {
  const tooLong = { ok: false, reason: 'a message has at most 65536 bytes', fatal: true };
  for (const surplus of [-1, 0, 1]) {
    const frame = utf8.encode('template SAY '.padEnd(MAX_BYTES + surplus, 'x'));
    const read = [...decode('message', frame), ...decode('stream', frame, utf8.encode('\n'))];
    if (surplus > 0) assert.deepEqual(read, [tooLong, tooLong]);
    else assert.ok(read.length === 2 && read.every(({ ok }) => ok));
  }
  const decoder = new LineFrames(up, 'stream');
  const endless = Array.from({ length: 64 }, () => [...decoder.push(new Uint8Array(1 << 20).fill(0x61))]);
  assert.deepEqual(endless.flat(), [tooLong]);
  assert.equal(decoder.pending, false);
});

test('TEMPLATE-05 a decoder knows whether it holds part of a message', () => {
  const stream = new LineFrames(up, 'stream');
  assert.equal(stream.pending, false);
  for (const [piece, pending] of [
    ['template QU', true],
    ['IT\n', false],
  ] as const) {
    assert.equal([...stream.push(utf8.encode(piece))].length, pending ? 0 : 1);
    assert.equal(stream.pending, pending);
  }
  const frames = new LineFrames(up, 'message');
  assert.equal([...frames.push(utf8.encode('template QU'))].length, 1);
  assert.equal(frames.pending, false);
});

test('TEMPLATE-09 any bytes give messages of the schema or reasons, and never an exception', () => {
  const verbs = fc.constantFrom('', 'template ', 'template JOIN ', 'template SAY ', 'template TELL a');
  const frames = fc.tuple(verbs, fc.string({ unit: 'binary' })).map((parts) => utf8.encode(parts.join('')));
  fc.assert(
    fc.property(fc.array(fc.oneof(frames, fc.uint8Array()), { maxLength: 5 }), (chunks) => {
      for (const read of [...decode('stream', ...chunks), ...decode('message', ...chunks)])
        assert.ok(read.ok ? isUp.Check(read.message) : read.reason.length <= 64);
    }),
    { numRuns: 1_000 },
  );
});

test('TEMPLATE-04 whoever quits leaves, also if what stands after it is no text', () => {
  const bytes = Buffer.concat([utf8.encode('template QUIT '), Buffer.from([0xff])]);
  assert.deepEqual(decode('message', bytes), [{ ok: true, message: { type: 'QUIT' } }]);
});
