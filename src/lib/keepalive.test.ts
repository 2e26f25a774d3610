import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { keepalive } from './keepalive.ts';

/** A watch over something that is heard when the test says so; what the watch does is in the log. */
function watched() {
  const clock = new FakeClock();
  const log: string[] = [];
  let noise = false;
  const stop = keepalive((ms, run) => clock.after(ms, run), 10, {
    hasReceived() {
      const heard = noise;
      noise = false;
      return heard;
    },
    probe: () => log.push('ask'),
    end: () => log.push('end'),
  });
  const speak = () => {
    noise = true;
  };
  return { clock, log, stop, speak };
}

test('silence is asked after a while and ended after as long again', () => {
  const { clock, log } = watched();
  clock.advance(9);
  assert.deepEqual(log, []);
  clock.advance(10);
  assert.deepEqual(log, ['ask']);
  clock.advance(1);
  assert.deepEqual([log, clock.timers], [['ask', 'end'], 0]);
});

test('what is heard is neither asked nor ended, and an answer begins the watch anew', () => {
  const { clock, log, speak } = watched();
  speak();
  clock.advance(10);
  assert.deepEqual(log, []);
  clock.advance(10);
  speak();
  clock.advance(10);
  assert.deepEqual(log, ['ask']);
  clock.advance(19);
  assert.deepEqual(log, ['ask', 'ask']);
  clock.advance(1);
  assert.deepEqual(log, ['ask', 'ask', 'end']);
});

test('a watch that was stopped does nothing more, also after it has asked', () => {
  for (const ms of [0, 10]) {
    const { clock, log, stop } = watched();
    clock.advance(ms);
    stop();
    const before = log.length;
    clock.advance(100);
    assert.deepEqual([log.length, clock.timers], [before, 0]);
  }
});
