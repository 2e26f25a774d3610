import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { longHeader, peerFrame } from '../../../testing/transports/zmtp.ts';
import { defaultLimits } from '../limits.ts';
import { commandFrame, messageFrame, type Received, ZmtpFrameReader } from './frames.ts';

const MORE = 1;
const LONG = 2;
const COMMAND = 4;
const limits = { messageBytes: 1_000, fragments: 4, commandBytes: 300 };

/** Everything that these pieces give up to an error, with bytes as text. */
function readAll(frames: ZmtpFrameReader, ...pieces: readonly Uint8Array[]): string[] {
  const read: string[] = [];
  for (const piece of pieces) {
    frames.push(piece);
    for (let received = frames.next(); received !== null; received = frames.next()) {
      read.push(textOf(received));
      if (received.type === 'error') return read;
    }
  }
  return read;
}

function textOf(received: Received): string {
  if (received.type === 'error') return `${received.kind}: ${received.reason}`;
  return `${received.type} ${Buffer.from(received.bytes).toString('latin1')}`;
}

const read = (...pieces: readonly Uint8Array[]) => readAll(new ZmtpFrameReader(limits), ...pieces);

test('ZMTP-13 reserved flags are refused, and commands with MORE', () => {
  for (const bit of [0x08, 0x10, 0x20, 0x40, 0x80]) {
    assert.deepEqual(read(Buffer.from([bit])), ['broken: a frame has flags that do not exist']);
    assert.deepEqual(read(Buffer.from([bit | COMMAND])), ['broken: a frame has flags that do not exist']);
  }
  assert.deepEqual(read(Buffer.from([COMMAND | MORE])), ['broken: a command has more than one frame']);
  assert.deepEqual(read(Buffer.from([COMMAND | MORE | LONG])), ['broken: a command has more than one frame']);
  assert.deepEqual(read(peerFrame(0, 'x'), peerFrame(COMMAND, 'y'), peerFrame(MORE, 'z')), ['message x', 'command y']);
});

test('ZMTP-14 a length of one byte and one of eight mean the same, for messages and commands', () => {
  for (const length of [0, 1, 255, 256, 300]) {
    const body = Buffer.alloc(length, 'x');
    for (const isLong of [false, true]) {
      assert.deepEqual(read(peerFrame(0, body, isLong)), [`message ${body}`]);
      assert.deepEqual(read(peerFrame(COMMAND, body, isLong)), [`command ${body}`]);
    }
  }
});

test('ZMTP-15 T1 a length over the limit is refused by the header alone', () => {
  const tooLong = ['too-big: a message is too long'];
  for (const length of [1_001n, 2n ** 31n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    for (const flags of [LONG, LONG | MORE]) {
      const header = longHeader(flags, length);
      assert.deepEqual(read(header), tooLong);
      assert.deepEqual(read(header.subarray(0, 8)), []);
    }
    assert.deepEqual(read(longHeader(LONG | COMMAND, length)), ['too-big: a command is too long']);
  }
  assert.deepEqual(read(peerFrame(0, Buffer.alloc(1_000, 'x')))[0]?.length, 'message '.length + 1_000);
  assert.deepEqual(read(longHeader(LONG | COMMAND, 301n)), ['too-big: a command is too long']);
});

test('ZMTP-15 T1 a header with the largest allowed length reserves no memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  const half = Array.from({ length: 2_000 }, () => {
    const frames = new ZmtpFrameReader(defaultLimits);
    assert.deepEqual(readAll(frames, longHeader(LONG, 65_536n), Buffer.from('x')), []);
    return frames;
  });
  const reserved = (process.memoryUsage().arrayBuffers - before) / half.length;
  assert.ok(reserved < 1_000, `${reserved} bytes for each`);
});

test('ZMTP-15 the frames of a message count together, without commands between them', () => {
  const part = peerFrame(MORE, Buffer.alloc(400, 'x'));
  assert.equal(read(part, part, peerFrame(0, Buffer.alloc(200, 'x'))).length, 1);
  assert.deepEqual(read(part, part, Buffer.from([0, 201])), ['too-big: a message is too long']);
  const command = peerFrame(COMMAND, Buffer.alloc(300, 'c'));
  assert.equal(read(part, command, part, command, peerFrame(0, Buffer.alloc(200, 'x'))).length, 3);
  const empty = peerFrame(MORE);
  assert.deepEqual(read(empty, empty, empty, peerFrame(0, 'last')), ['message last']);
  assert.deepEqual(read(empty, empty, empty, empty, peerFrame(COMMAND, 'c'), Buffer.from([0])), [
    'command c',
    'too-big: too many frames in a message',
  ]);
});

test('ZMTP-16 the frames of a message are joined, whatever commands come between them', () => {
  const pieces = [peerFrame(MORE), peerFrame(MORE, 'a'), peerFrame(COMMAND, 'c'), peerFrame(0, 'b'), peerFrame(0)];
  assert.deepEqual(read(...pieces), ['command c', 'message ab', 'message ']);
});

const frame = fc.oneof(
  fc.record({ flags: fc.constantFrom(0, MORE, COMMAND), length: fc.integer({ min: 0, max: 300 }), long: fc.boolean() }),
  fc.record({ flags: fc.constantFrom(0, MORE), length: fc.constant(600), long: fc.boolean() }),
);
const stream = fc.oneof(
  fc
    .array(frame, { maxLength: 8 })
    .map((frames) => Buffer.concat(frames.map((one) => peerFrame(one.flags, Buffer.alloc(one.length, 'x'), one.long)))),
  fc.uint8Array({ maxLength: 40 }),
);

test('ZMTP-16 T2 any cut of the bytes gives the same result, for valid streams and for any bytes', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (bytes, sizes) => {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const size = sizes[pieces.length % sizes.length] ?? 1;
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      const [whole, cut] = [new ZmtpFrameReader(limits), new ZmtpFrameReader(limits)];
      assert.deepEqual(readAll(cut, ...pieces), readAll(whole, bytes));
      assert.deepEqual([cut.held, cut.completions], [whole.held, whole.completions]);
    }),
  );
});

test('ZMTP-16 T2 every cut of a message between commands gives the same result', () => {
  const bytes = Buffer.concat([
    peerFrame(COMMAND, 'before'),
    peerFrame(MORE, 'a'),
    peerFrame(COMMAND, 'between', true),
    peerFrame(0, Buffer.alloc(300, 'b')),
    peerFrame(COMMAND, 'after'),
  ]);
  const expected = ['command before', 'command between', `message a${'b'.repeat(300)}`, 'command after'];
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(read(bytes.subarray(0, cut), bytes.subarray(cut)), expected, `cut at ${cut}`);
  }
});

test('ZMTP-24 `held` counts the bytes of incomplete messages and their headers', () => {
  const frames = new ZmtpFrameReader(limits);
  const held = (...pieces: readonly Uint8Array[]) => {
    readAll(frames, ...pieces);
    return [frames.held, frames.completions];
  };
  assert.deepEqual(held(Buffer.from([LONG])), [1, 0]);
  assert.deepEqual(held(longHeader(LONG, 5n).subarray(1), Buffer.from('abc')), [12, 0]);
  assert.deepEqual(held(Buffer.from('de')), [0, 1]);
  assert.deepEqual(held(peerFrame(MORE)), [2, 1]);
  assert.deepEqual(held(peerFrame(COMMAND, 'command')), [2, 1]);
  assert.deepEqual(held(peerFrame(COMMAND, 'command').subarray(0, 5)), [7, 1]);
  assert.deepEqual(held(peerFrame(COMMAND, 'command').subarray(5)), [2, 1]);
  assert.deepEqual(held(peerFrame(MORE, 'abc')), [7, 1]);
  assert.deepEqual(held(peerFrame(0, 'd')), [0, 2]);
  assert.deepEqual(held(peerFrame(COMMAND, 'command')), [0, 3]);
});

test('ZMTP-24 unread bytes can be taken back and read later', () => {
  const frames = new ZmtpFrameReader(limits);
  frames.push(Buffer.concat([peerFrame(0, 'one'), peerFrame(0, 'two')]));
  assert.deepEqual(frames.next(), { type: 'message', bytes: Buffer.from('one') });
  const rest = frames.takeRest();
  assert.equal(frames.next(), null);
  assert.equal(frames.held, 0);
  assert.deepEqual(readAll(frames, rest), ['message two']);
  assert.equal(frames.takeRest().length, 0);
});

test('ZMTP-17 a message is one frame with a short length up to 255 bytes and a long one above; so is a command', () => {
  for (const length of [0, 1, 255]) {
    const body = Buffer.alloc(length, 'x');
    assert.deepEqual(messageFrame(body), Buffer.concat([Buffer.from([0, length]), body]));
    assert.deepEqual(commandFrame(body), Buffer.concat([Buffer.from([4, length]), body]));
  }
  for (const length of [256, 65_536]) {
    const body = Buffer.alloc(length, 'x');
    assert.deepEqual(messageFrame(body), Buffer.concat([longHeader(2, BigInt(length)), body]));
    assert.deepEqual(commandFrame(body), Buffer.concat([longHeader(6, BigInt(length)), body]));
  }
});
