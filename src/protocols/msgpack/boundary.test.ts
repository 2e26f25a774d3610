import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat } from '../../lib/bytes.ts';
import type { Decoded } from '../../connections/decoded.ts';
import { down, FrameDecoder, up, writeDown, writeUp } from './codec.ts';
import type { Up } from './schema.ts';
import { MessageSplitter } from './splitter.ts';

const LIMIT = 65_536;
const tooLong = { ok: false, reason: 'a message is too long', fatal: true };
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const LOGOUT = 'a6 6c6f676f7574';
const next = writeUp({ action: 'logout', username: 'next' }, 'plain');

/** A message of this many bytes. */
function sized(size: number, encoding: 'plain' | 'wrapped'): Uint8Array {
  const whisper = { action: 'whisper', username: 'a', token: 't', recipient: 'b' } as const;
  const content = 'x'.repeat(size - writeUp({ ...whisper, content: '' }, encoding).length - 2);
  return writeUp({ ...whisper, content }, encoding);
}

function inStream(stream: Uint8Array, size: number): Decoded<Up>[] {
  const decoder = new FrameDecoder(up, 'stream');
  const reads: Decoded<Up>[] = [];
  for (let at = 0; at < stream.length; at += size) reads.push(...decoder.push(stream.subarray(at, at + size)));
  return reads;
}

/** Inputs that make other decoders allocate, recurse or loop: a few bytes, or as many as a frame may have. */
function bombs(): Uint8Array[] {
  const announcing = ['c6', 'c9', 'db', 'dd', 'df'].map((header) => `${header} ffffffff`);
  return [
    ...['', LOGOUT, `92 ${LOGOUT}`].flatMap((beginning) => announcing.map((header) => bytes(beginning + header))),
    bytes(`dd 01c9c380`),
    bytes(`dd 000f4240`.repeat(200)),
    bytes('91'.repeat(100_000)),
    bytes('91'.repeat(60_000)),
    bytes(LOGOUT + '91'.repeat(60_000)),
    bytes(LOGOUT + '81c0'.repeat(30_000)),
    bytes(LOGOUT + '81'.repeat(60_000)),
    bytes(LOGOUT + 'c0'.repeat(60_000)),
    bytes(`dc ffff ${LOGOUT} ${'a0'.repeat(60_000)}`),
    bytes(`${LOGOUT} da ea60 ${'ff'.repeat(60_000)}`),
    bytes(`${LOGOUT} da ea60 ${'c080'.repeat(30_000)}`),
    bytes(`92 ${LOGOUT} c5 ea60 ${'eda080'.repeat(20_000)}`),
  ];
}

test('MSGP-07 MSGP-11 MSGP-12 MSGP-13 T1 T2 each bomb is refused at once, gives no message, and keeps no memory', () => {
  const before = process.memoryUsage();
  const all = bombs();
  const decoders: FrameDecoder<unknown>[] = [];
  for (const bomb of all) {
    for (const [side, framing] of [
      [up, 'stream'],
      [up, 'message'],
      [down, 'message'],
    ] as const) {
      let best = Number.POSITIVE_INFINITY;
      // Other work only adds to a time: what is really too slow is so every time.
      for (let round = 0; round < 5 || (round < 100 && best >= 5); round++) {
        const decoder = new FrameDecoder<unknown>(side, framing);
        decoders.push(decoder);
        const started = performance.now();
        const [first] = decoder.push(bomb);
        best = Math.min(best, performance.now() - started);
        assert.equal(first?.ok, false);
        assert.equal(decoder.pending, false);
      }
      assert.ok(best < 5, `${best} ms`);
    }
  }
  const after = process.memoryUsage();
  assert.ok(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers < 32 * 2 ** 20);
  assert.ok(decoders.length >= all.length * 15);
});

test('MSGP-11 T1 a header that announces too much is refused at its last byte, and the held bytes are dropped', () => {
  for (const beginning of [LOGOUT, `92 ${LOGOUT}`]) {
    for (const header of ['c6 ffffffff', 'c9 ffffffff', 'db ffffffff', 'da ffff', 'db 00010000']) {
      const decoder = new FrameDecoder(up, 'stream');
      const message = bytes(beginning + header);
      assert.deepEqual([...decoder.push(message.subarray(0, -1))], []);
      assert.equal(decoder.pending, true);
      assert.deepEqual([...decoder.push(message.subarray(-1))], [tooLong]);
      assert.equal(decoder.pending, false);
      assert.deepEqual([...decoder.push(next)], []);
    }
  }
});

test('MSGP-11 the limit holds exactly, in both encodings and framings and in any pieces', () => {
  for (const encoding of ['plain', 'wrapped'] as const) {
    for (const size of [LIMIT - 1, LIMIT]) {
      const message = sized(size, encoding);
      assert.equal(message.length, size);
      assert.ok([...new FrameDecoder(up, 'message').push(message)].every(({ ok }) => ok));
      for (const piece of [1, 1000, LIMIT, 2 * LIMIT])
        assert.deepEqual(
          inStream(concat([message, next, message]), piece).map(({ ok }) => ok),
          [true, true, true],
        );
    }
    const longest = sized(LIMIT, encoding);
    const at = longest.indexOf(0xda) + 1;
    const longer = concat([longest, bytes('78')]);
    new DataView(longer.buffer).setUint16(at, new DataView(longest.buffer).getUint16(at) + 1);
    assert.deepEqual([...new FrameDecoder(up, 'message').push(longer)], [tooLong]);
    for (const piece of [1, 1000, 2 * LIMIT]) assert.deepEqual(inStream(concat([longer, next]), piece), [tooLong]);
  }
});

test('MSGP-11 each announced value counts as one of the remaining bytes', () => {
  const long = (length: number) => bytes(`dc 0003 ${LOGOUT} da ${length.toString(16)}`);
  const most = LIMIT - 3 - 7 - 3 - 1;
  const fits = new FrameDecoder(up, 'stream');
  assert.deepEqual([...fits.push(long(most))], []);
  assert.equal(fits.pending, true);
  assert.deepEqual([...new FrameDecoder(up, 'stream').push(long(most + 1))], [tooLong]);
});

test('MSGP-19 a client reads messages four times as long as a server, and not longer ones', () => {
  const content = 'x'.repeat(262_144 - 20);
  const bytesOf = (size: number) =>
    writeDown({ type: 'update whisper', sender: '', content: content.slice(0, size) }, 'plain');
  const around = bytesOf(0x1_0000).length - 0x1_0000;
  const read = (size: number) => [...new FrameDecoder(down, 'message').push(bytesOf(size - around))];
  assert.equal(bytesOf(262_144 - around).length, 262_144);
  assert.ok(read(262_144).every(({ ok }) => ok));
  const longer = concat([bytesOf(262_144 - around), bytes('00')]);
  assert.deepEqual([...new FrameDecoder(down, 'message').push(longer)], [tooLong]);
});

test('MSGP-17 T6 byte by byte a message is parsed at most twice a value, and at most the limit is held', () => {
  let looks = 0;
  const splitter = new MessageSplitter(LIMIT, () => {
    looks++;
    return 1;
  });
  const text = `da 0400 ${'78'.repeat(0x400)}`;
  const message = bytes(`${LOGOUT} dc 003e ${text.repeat(62)}`);
  assert.ok(message.length > LIMIT - 2000);
  const found = Array.from(message, (byte) => {
    const pieces = [...splitter.push(Uint8Array.of(byte))];
    assert.ok(splitter.held <= LIMIT);
    return pieces;
  }).flat();
  assert.equal(found.length, 1);
  assert.equal(splitter.held, 0);
  assert.ok(looks > 62 && looks <= 2 * 64, `${looks} looks`);
});

test('MSGP-17 T1 only received bytes are held, whatever a header announces within the limit', () => {
  const before = process.memoryUsage().arrayBuffers;
  const splitters = Array.from({ length: 1000 }, () => {
    const splitter = new MessageSplitter(LIMIT, () => 1);
    assert.deepEqual([...splitter.push(bytes(`${LOGOUT} da ff00 61`))], []);
    assert.equal(splitter.held, 11);
    return splitter;
  });
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
  assert.equal(splitters.length, 1000);
});

test('MSGP-17 held bytes are a copy, so the caller may reuse its buffer', () => {
  const decoder = new FrameDecoder(up, 'stream');
  const chunk = next.slice(0, 8);
  assert.deepEqual([...decoder.push(chunk)], []);
  chunk.fill(0);
  assert.deepEqual(
    [...decoder.push(next.subarray(8))],
    [{ ok: true, message: { action: 'logout', username: 'next' } }],
  );
});
