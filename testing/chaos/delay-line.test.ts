import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import { DelayLine } from './delay-line.ts';
import { CLEAR_LINE, type LineFaults } from './faults.ts';

/** A line with these faults, and what it forwarded: each piece as text with its time. */
function lineWith(faults: Partial<LineFaults>, seed = 1) {
  const clock = new FakeClock();
  const pieces: string[] = [];
  const target = { hasRoom: true };
  const note = (what: string) => pieces.push(`${Math.round(clock.monotonic())} ${what}`);
  const line = new DelayLine(clock, seededRandom(seed), {
    forward(bytes) {
      note(Buffer.from(bytes).toString());
      return target.hasRoom;
    },
    ended: note,
    broken: (by) => note(`broken by a ${by}`),
  });
  line.set({ ...CLEAR_LINE, ...faults });
  const send = (text: string) => line.push(Buffer.from(text));
  const text = () => pieces.map((piece) => piece.split(' ')[1]).join('');
  const times = () => pieces.map((piece) => Number(piece.split(' ')[0]));
  return { clock, line, pieces, target, send, text, times };
}

test('a clear line forwards everything at once, and the end after it', () => {
  const { line, pieces, send, clock } = lineWith({});
  send('one');
  send('two');
  line.end('end');
  assert.deepEqual(pieces, ['0 one', '0 two', '0 end']);
  assert.deepEqual([line.forwarded, line.waiting, clock.timers], [6, 0, 0]);
});

test('latency delays bytes and the end, and what comes meanwhile comes in its own time', () => {
  const { line, pieces, send, clock } = lineWith({ latencyMs: 100 });
  send('one');
  clock.advance(40);
  send('two');
  line.end('reset');
  assert.equal(line.waiting, 6);
  clock.advance(99);
  assert.deepEqual(pieces, ['100 one']);
  clock.advance(1);
  assert.deepEqual(pieces, ['100 one', '140 two', '140 reset']);
});

test('jitter moves each segment by up to its size, and never changes the order', () => {
  const { pieces, send, clock, text, times } = lineWith({ latencyMs: 500, jitterMs: 400 });
  const sent = 'abcdefghijklmnopqrstuvwxyz';
  for (const letter of sent) {
    send(letter);
    clock.advance(200);
  }
  clock.advance(1_000);
  assert.equal(text(), sent);
  const delays = times().map((time, index) => time - index * 200);
  assert.ok(
    delays.every((delay) => delay >= 100 && delay <= 900),
    String(delays),
  );
  assert.ok(new Set(delays).size > 10 && pieces.length === 26, String(delays));
});

test('slices of one byte go out in an event-loop turn each', () => {
  const { line, pieces, send, clock } = lineWith({ sliceBytes: 1 });
  send('abc');
  assert.deepEqual([pieces, line.waiting], [['0 a'], 2]);
  clock.turn();
  assert.deepEqual(pieces, ['0 a', '0 b', '0 c']);
});

test('a bandwidth of 1,000 bytes a second takes a second for 1,000 bytes, in small pieces', () => {
  const { line, pieces, send, clock, text, times } = lineWith({ bytesPerSecond: 1_000 });
  send('x'.repeat(1_000));
  clock.advance(500);
  assert.ok(line.forwarded >= 500 && line.forwarded <= 550, `${line.forwarded}`);
  clock.advance(500);
  assert.equal(text().length, 1_000);
  assert.deepEqual([pieces.length, times().at(-1), clock.timers], [20, 950, 0]);
});

test('a lost segment comes after its retransmission, which doubles at each loss', () => {
  const seen = new Set<number | undefined>();
  for (let seed = 1; seed <= 100; seed++) {
    const { send, clock, times } = lineWith({ loss: 0.3, retransmitMs: 200 }, seed);
    send('a');
    clock.advance(60_000);
    seen.add(times()[0]);
  }
  assert.deepEqual([...seen].sort((a = 0, b = 0) => a - b).slice(0, 3), [0, 200, 600]);
});

test('what is behind a lost segment waits for it', () => {
  const { send, clock, text, times } = lineWith({ loss: 0.3, retransmitMs: 200 });
  const sent = 'abcdefghijklmnopqrstuvwxyz';
  for (const letter of sent) send(letter);
  clock.advance(60_000);
  assert.equal(text(), sent);
  assert.deepEqual(
    times(),
    times().toSorted((a, b) => a - b),
  );
  assert.ok(new Set(times()).size > 1, String(times()));
});

test('about as many segments are lost as asked for', () => {
  let late = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const { send, clock, times } = lineWith({ loss: 0.05, retransmitMs: 200 }, seed);
    send('a');
    clock.advance(60_000);
    if (times()[0] !== 0) late++;
  }
  assert.ok(late > 5 && late < 45, `${late} of 400`);
});

test('a silent line forwards neither bytes nor an end until it is heard again', () => {
  const { line, pieces, send, clock } = lineWith({ silent: true });
  send('one');
  line.end('reset');
  clock.advance(60_000);
  assert.deepEqual([pieces, line.waiting, clock.timers], [[], 3, 0]);
  line.set(CLEAR_LINE);
  assert.deepEqual(pieces, ['60000 one', '60000 reset']);
});

test('a line that heals forwards at once what waited', () => {
  for (const faults of [{ latencyMs: 5_000 }, { loss: 1, retransmitMs: 1_000 }, { bytesPerSecond: 1 }]) {
    const { line, send, clock, text } = lineWith(faults);
    send('abcdef');
    clock.advance(10);
    line.set(CLEAR_LINE);
    assert.deepEqual([text(), line.waiting, clock.timers], ['abcdef', 0, 0], JSON.stringify(faults));
  }
});

test('a line breaks after exactly so many bytes, counted from the change of its faults', () => {
  const { line, pieces, send, clock } = lineWith({});
  send('abc');
  line.set({ ...CLEAR_LINE, ends: { by: 'cut', after: { min: 4, max: 4 } } });
  send('de');
  send('fghi');
  send('jkl');
  line.end('end');
  assert.deepEqual(pieces, ['0 abc', '0 de', '0 fg', '0 broken by a cut']);
  assert.deepEqual([line.forwarded, line.waiting, clock.timers], [7, 0, 0]);
});

test('a line can break before the first byte, and by a reset', () => {
  const { pieces } = lineWith({ ends: { by: 'reset', after: { min: 0, max: 0 } } });
  assert.deepEqual(pieces, ['0 broken by a reset']);
});

test('where a line breaks is drawn from the whole range', () => {
  const counts = new Set<number>();
  for (let seed = 1; seed <= 100; seed++) {
    const { line, send } = lineWith({ ends: { by: 'cut', after: { min: 2, max: 5 } } }, seed);
    send('abcdefgh');
    counts.add(line.forwarded);
  }
  assert.deepEqual([...counts].sort(), [2, 3, 4, 5]);
});

test('a full target gets nothing more until it takes bytes again', () => {
  const { line, pieces, send, target } = lineWith({});
  target.hasRoom = false;
  for (const text of ['one', 'two', 'three']) send(text);
  assert.deepEqual([pieces, line.waiting], [['0 one'], 8]);
  target.hasRoom = true;
  line.resume();
  assert.deepEqual([pieces, line.waiting], [['0 one', '0 two', '0 three'], 0]);
});

test('a closed line forwards nothing, takes nothing and has no timer', () => {
  const { line, pieces, send, clock } = lineWith({ latencyMs: 10, sliceBytes: 1 });
  send('abc');
  clock.advance(10);
  send('def');
  line.close();
  send('ghi');
  line.end('end');
  clock.advance(60_000);
  assert.deepEqual([pieces, line.waiting, clock.timers], [['10 a', '10 b', '10 c'], 0, 0]);
});

test('all faults together change no byte and no order', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { line, send, clock, text } = lineWith(
      { latencyMs: 50, jitterMs: 40, sliceBytes: 7, bytesPerSecond: 5_000, loss: 0.1, retransmitMs: 20 },
      seed,
    );
    const sent = Array.from({ length: 50 }, (_, index) => `message-${index};`.repeat(index));
    for (const message of sent) {
      send(message);
      clock.advance(10);
    }
    clock.advance(60_000);
    assert.equal(text(), sent.join(''), `seed ${seed}`);
    assert.equal(line.waiting, 0);
  }
});
