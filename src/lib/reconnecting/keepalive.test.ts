import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { keepalive } from './keepalive.ts';

/** A keepalive of a fake connection, and a log of its calls. */
function started() {
  const clock = new FakeClock();
  const log: string[] = [];
  let received = false;
  const stop = keepalive((ms, run) => clock.after(ms, run), 10, {
    hasReceived() {
      const before = received;
      received = false;
      return before;
    },
    probe: () => log.push('probe'),
    end: () => log.push('end'),
  });
  const receive = () => {
    received = true;
  };
  return { clock, log, stop, receive };
}

test('a silent connection is probed after a while and ended after as long again', () => {
  const { clock, log } = started();
  clock.advance(9);
  assert.deepEqual(log, []);
  clock.advance(10);
  assert.deepEqual(log, ['probe']);
  clock.advance(1);
  assert.deepEqual([log, clock.timers], [['probe', 'end'], 0]);
});

test('a connection that receives is neither probed nor ended, and an answer starts the time again', () => {
  const { clock, log, receive } = started();
  receive();
  clock.advance(10);
  assert.deepEqual(log, []);
  clock.advance(10);
  receive();
  clock.advance(10);
  assert.deepEqual(log, ['probe']);
  clock.advance(19);
  assert.deepEqual(log, ['probe', 'probe']);
  clock.advance(1);
  assert.deepEqual(log, ['probe', 'probe', 'end']);
});

test('a stopped keepalive does nothing more, also after a probe', () => {
  for (const ms of [0, 10]) {
    const { clock, log, stop } = started();
    clock.advance(ms);
    stop();
    const before = log.length;
    clock.advance(100);
    assert.deepEqual([log.length, clock.timers], [before, 0]);
  }
});
