import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { LineOutput, MAX_WAITING } from './line-output.ts';
import type { Written } from './sink.ts';

const full = Object.assign(new Error('full'), { code: 'EAGAIN' });
const broken = Object.assign(new Error('no space'), { code: 'ENOSPC' });

/** An error, how many bytes are taken at most, not yet, or everything is taken. */
type Answer = Error | number | 'later' | null;

/** An output that answers as the test says: the answers of `next`, then always `answer`. */
function output() {
  const clock = new FakeClock();
  const state = { next: [] as Answer[], answer: null as Answer, text: '', writes: 0 };
  const late: (() => void)[] = [];
  const write = (bytes: Uint8Array, written: Written) => {
    state.writes++;
    const answer = state.next.shift() ?? state.answer;
    const taken = typeof answer === 'number' ? Math.min(answer, bytes.length) : bytes.length;
    const take = () => {
      state.text += Buffer.from(bytes.subarray(0, taken)).toString();
      written(null, taken);
    };
    if (answer === 'later') late.push(take);
    else if (answer instanceof Error) written(answer, 0);
    else take();
  };
  const lines = new LineOutput({ usesThread: true, write }, clock, (dropped) => lines.write(`${dropped} dropped\n`));
  return { clock, state, lines, finish: () => late.shift()?.() };
}

test('SERVER-85 lines are written one at a time, in order, also if the output takes a few bytes at a time', () => {
  const { state, lines, finish } = output();
  state.answer = 'later';
  for (const line of ['one\n', 'two\n', 'three\n']) lines.write(line);
  assert.deepEqual([state.writes, lines.isStuck], [1, true]);
  state.answer = 2;
  finish();
  assert.deepEqual([state.text, lines.isStuck, lines.dropped], ['one\ntwo\nthree\n', false, 0]);
});

test('SERVER-86 SERVER-87 while an output takes nothing, lines wait up to the limit; the rest is dropped, and its number follows what waited', () => {
  const { clock, state, lines } = output();
  state.answer = full;
  const line = `${'x'.repeat(1_023)}\n`;
  const fit = MAX_WAITING / line.length;
  for (let written = 0; written < fit; written++) lines.write(line);
  assert.equal(lines.dropped, 0);
  lines.write('dropped\n');
  lines.write('d\n');
  assert.equal(lines.dropped, 2);
  clock.advance(60_000);
  assert.equal(state.text, '');
  state.answer = 'later';
  clock.advance(100);
  lines.write('dropped too, so that the gap is in one place\n');
  assert.equal(lines.dropped, 3);
});

test('SERVER-87 once everything that waited is written, the number of dropped lines follows, and then new lines', () => {
  const { clock, state, lines } = output();
  state.answer = full;
  lines.write(`${'x'.repeat(MAX_WAITING - 1)}\n`);
  lines.write('dropped\n');
  state.answer = null;
  clock.advance(100);
  lines.write('new\n');
  assert.equal(state.text.replace(/x+/, 'x'), 'x\n1 dropped\nnew\n');
  assert.deepEqual([lines.dropped, clock.timers], [1, 0]);
});

test('SERVER-86 SERVER-87 after an error the line that failed is tried again each second, and others are dropped and counted', () => {
  const { clock, state, lines } = output();
  lines.write('before\n');
  state.answer = broken;
  for (const line of ['first\n', 'second\n', 'third\n']) lines.write(line);
  assert.deepEqual([lines.dropped, state.writes], [2, 2]);
  clock.advance(10_000);
  assert.deepEqual([lines.dropped, state.writes], [2, 12]);
  state.answer = null;
  clock.advance(1_000);
  lines.write('after\n');
  assert.equal(state.text, 'before\nfirst\n2 dropped\nafter\n');
});

test('SERVER-86 a line that was cut by an error is completed; lines that waited behind it are dropped', () => {
  const { clock, state, lines, finish } = output();
  state.answer = 'later';
  for (const line of ['complete\n', 'cut line\n', 'waits\n']) lines.write(line);
  state.next.push(3);
  state.answer = broken;
  finish();
  assert.deepEqual([state.text, lines.dropped], ['complete\ncut', 1]);
  state.answer = null;
  clock.advance(1_000);
  assert.equal(state.text, 'complete\ncut line\n1 dropped\n');
});

test('SERVER-87 an output that failed and lost nothing reports nothing', () => {
  const { clock, state, lines } = output();
  state.answer = broken;
  lines.write('one\n');
  state.answer = null;
  clock.advance(1_000);
  assert.deepEqual([state.text, lines.dropped], ['one\n', 0]);
});

test('SERVER-88 a flush ends when everything is written, or the output fails', async () => {
  const { clock, state, lines } = output();
  await lines.flush();
  state.answer = full;
  lines.write('one\n');
  let flushed = false;
  void lines.flush().then(() => (flushed = true));
  await new Promise(setImmediate);
  assert.equal(flushed, false);
  state.answer = null;
  clock.advance(100);
  await new Promise(setImmediate);
  assert.equal(flushed, true);
  state.answer = full;
  lines.write('two\n');
  const failing = lines.flush();
  state.answer = broken;
  clock.advance(100);
  await failing;
  await lines.flush();
});
