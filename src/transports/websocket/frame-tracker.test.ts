import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { clientFrame } from '../../../testing/transports/raw-client.ts';
import { FrameTracker } from './frame-tracker.ts';

const TEXT = 0x1;
const CONTINUATION = 0x0;
const CLOSE = 0x8;
const PING = 0x9;

const track = (tracker: FrameTracker, ...frames: Buffer[]) => {
  for (const frame of frames) tracker.push(frame);
  return tracker.held;
};

test('PORT-35 the tracker counts the bytes of an incomplete message, and none between messages', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536]) {
    const frame = clientFrame(TEXT, Buffer.alloc(length));
    const tracker = new FrameTracker();
    assert.equal(track(tracker, frame.subarray(0, -1)), frame.length - 1);
    assert.equal(tracker.completions, 0);
    assert.equal(track(tracker, frame.subarray(-1)), 0);
    assert.equal(tracker.completions, 1);
  }
});

test('PORT-35 fragments count until the last one, whatever control frames come between them', () => {
  const tracker = new FrameTracker();
  const first = clientFrame(TEXT, 'one', false);
  const second = clientFrame(CONTINUATION, 'two', false);
  assert.equal(track(tracker, first), first.length);
  assert.equal(track(tracker, clientFrame(PING, 'ping')), first.length);
  assert.equal(track(tracker, second), first.length + second.length);
  assert.equal(tracker.completions, 0);
  assert.equal(track(tracker, clientFrame(CONTINUATION, '')), 0);
  assert.equal(tracker.completions, 1);
});

test('PORT-35 an incomplete control frame counts too, and nothing after a close frame', () => {
  const tracker = new FrameTracker();
  assert.equal(track(tracker, clientFrame(PING, 'ping').subarray(0, 7)), 7);
  assert.equal(track(tracker, clientFrame(PING, 'ping').subarray(7)), 0);
  assert.equal(track(tracker, clientFrame(CLOSE, '\x03\xe8'), Buffer.from('never read')), 0);
});

test('PORT-35 the tracker counts the same however the bytes are cut', () => {
  const frame = fc
    .record({ opcode: fc.constantFrom(TEXT, PING), final: fc.boolean(), length: fc.constantFrom(0, 1, 125, 126, 300) })
    .map(({ opcode, final, length }) => clientFrame(opcode, Buffer.alloc(length), final || opcode === PING));
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (frames, size) => {
      const bytes = Buffer.concat(frames);
      const [whole, cut] = [new FrameTracker(), new FrameTracker()];
      whole.push(bytes);
      for (let at = 0; at < bytes.length; at += size) cut.push(bytes.subarray(at, at + size));
      assert.equal(cut.held, whole.held);
      assert.equal(cut.completions, whole.completions);
    }),
  );
});
