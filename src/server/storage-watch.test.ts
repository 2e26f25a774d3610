import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { waitForIo } from '../../testing/condition.ts';
import { silentLog } from '../../testing/world.ts';
import { watchStorage } from './storage-watch.ts';

function watching() {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const log = {
    ...silentLog,
    info: (event: string) => told.push(event),
    error: (_: string, fields: object = {}) => told.push(fields),
  };
  const state = { obstacle: null as string | null, hangs: false, answer: () => {} };
  const obstacle = () =>
    new Promise<string | null>((resolve) => {
      state.answer = () => resolve(state.obstacle);
      if (!state.hangs) state.answer();
    });
  const stop = watchStorage({ obstacle }, clock, log);
  const pass = async (ms: number) => {
    clock.advance(ms);
    await waitForIo();
  };
  return { state, told, stop, pass, clock };
}

test('SERVER-90 what keeps the store from writing is logged when it begins, changes and ends', async () => {
  const { state, told, pass } = watching();
  await pass(2_000);
  state.obstacle = 'moved';
  await pass(1_999);
  assert.deepEqual(told, []);
  for (let more = 0; more < 3; more++) await pass(2_000);
  assert.deepEqual(told, [{ reason: 'moved' }]);
  state.obstacle = 'full';
  await pass(2_000);
  state.obstacle = null;
  for (let more = 0; more < 3; more++) await pass(2_000);
  assert.deepEqual(told, [{ reason: 'moved' }, { reason: 'full' }, 'storage-available']);
});

test('SERVER-90 a store that does not answer for 5 s is unavailable until it answers, and is asked once', async () => {
  const { state, told, pass, stop, clock } = watching();
  state.hangs = true;
  await pass(2_000);
  await pass(4_999);
  assert.deepEqual(told, []);
  await pass(1);
  assert.deepEqual(told, [{ reason: 'the store does not answer' }]);
  await pass(60_000);
  state.hangs = false;
  state.answer();
  await waitForIo();
  assert.deepEqual(told, [{ reason: 'the store does not answer' }, 'storage-available']);
  state.obstacle = 'moved';
  stop();
  assert.equal(clock.timers, 0);
  await pass(10_000);
  assert.equal(told.length, 2);
});
