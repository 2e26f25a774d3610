import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { FakeClock } from '../../../testing/clock.ts';
import { settle } from '../../../testing/world.ts';
import { ListingThread } from './thread.ts';

/** Threads that the test plays, and what is logged. */
function scene() {
  const clock = new FakeClock();
  const workers: EventEmitter[] = [];
  const told: unknown[] = [];
  const lines: string[] = [];
  const note = (event: string, fields: object = {}) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const start = () => {
    const worker = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => told.push(message) });
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const thread = new ListingThread(start, clock, { info: note, warn: note, error: note });
  const listens = () => workers.at(-1)?.emit('message', { type: 'listening', port: 8_080, address: '::' });
  return { clock, workers, told, lines, thread, listens };
}

test('SERVER-231 a thread that ends is logged and started again, later each time, and then says that it listens', async () => {
  const { clock, workers, lines, thread, listens } = scene();
  const started = thread.start();
  listens();
  assert.deepEqual(await started, { type: 'listening', port: 8_080, address: '::' });
  for (const most of [1_000, 2_000, 4_000]) {
    const count = workers.length;
    workers.at(-1)?.emit('error', new Error('no memory'));
    workers.at(-1)?.emit('exit', 1);
    await settle(clock);
    assert.deepEqual(lines.splice(0), ['listing-service-failed {"reason":"no memory"}']);
    clock.advance(most);
    assert.equal(workers.length, count + 1);
  }
  workers.at(-1)?.emit('message', { type: 'not-started', reason: 'port 8080 is in use' });
  workers.at(-1)?.emit('exit', 0);
  assert.deepEqual(lines.splice(0), ['listing-service-failed {"reason":"port 8080 is in use"}']);
  clock.advance(60_000);
  listens();
  await settle(clock);
  assert.deepEqual(lines, ['listening {"port":8080,"address":"::","only":"listing"}']);
});

test('SERVER-230 what the thread logs is logged; one that cannot start is not started again', async () => {
  const { clock, workers, lines, thread } = scene();
  const started = thread.start();
  workers[0]?.emit('message', { type: 'log', level: 'warn', event: 'slow', fields: { ms: 7 } });
  workers[0]?.emit('message', { type: 'not-started', reason: 'port 8080 is in use' });
  workers[0]?.emit('exit', 0);
  await assert.rejects(started, { message: 'port 8080 is in use' });
  clock.advance(600_000);
  assert.deepEqual([workers.length, lines], [1, ['slow {"ms":7}']]);
});

test('SERVER-231 at its stop the thread is told, and waited for; none is started after that', async () => {
  const { clock, workers, told, thread, listens } = scene();
  const started = thread.start();
  listens();
  await started;
  let isStopped = false;
  void thread.stop().then(() => (isStopped = true));
  await settle(clock);
  assert.deepEqual([told, isStopped], [['stop'], false]);
  workers[0]?.emit('exit', 0);
  await settle(clock);
  clock.advance(600_000);
  assert.deepEqual([workers.length, isStopped], [1, true]);
  await thread.stop();
});
