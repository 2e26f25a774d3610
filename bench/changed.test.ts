import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureChanged } from './changed.ts';
import { ServerFrames } from './server-frames.ts';

test('subscribed sessions patch their page after each message, and what that costs is measured', async () => {
  const figures = await measureChanged({ sessions: 3, messages: 4, rounds: 2 }, () => {});
  for (const [name, { low, high }] of Object.entries(figures))
    assert.ok(low > 0 && high >= low, `${name}: ${low} to ${high}`);
  assert.ok(figures.median.low >= 90 && figures.slowest.high >= figures.median.high, `${figures.median.low} ms`);
  assert.ok(figures.received.low > 400 && figures.received.high < 1_000, `${figures.received.median} bytes`);
  assert.ok(figures.sent.low > 200 && figures.sent.high < 500, `${figures.sent.median} bytes`);
});

test('frames of a server are read however they are cut', () => {
  const long = Buffer.alloc(300, 'x');
  const bytes = Buffer.concat([
    Buffer.from([0x81, 0]),
    Buffer.from([0x89, 1, 0x31]),
    Buffer.from([0x81, 126, 300 >> 8, 300 & 0xff]),
    long,
    Buffer.from([0x81, 2, 0x68, 0x69]),
  ]);
  const expected = [
    { type: 'text', payload: '' },
    { type: 'ping', payload: '1' },
    { type: 'text', payload: long.toString() },
    { type: 'text', payload: 'hi' },
  ];
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const frames = new ServerFrames();
    const read = [];
    for (let at = 0; at < bytes.length; at += size) read.push(...frames.push(bytes.subarray(at, at + size)));
    assert.deepEqual(
      read.map(({ type, payload }) => ({ type, payload: payload.toString() })),
      expected,
    );
  }
});
