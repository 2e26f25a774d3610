// Loaded into a server by `--import`, with `--expose-gc`. At SIGUSR2 it logs the delays of its event loop and its memory; at
// SIGHUP it collects garbage, logs the heap in use, and resets the delays.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

function log(event: string, fields: Readonly<Record<string, number>>): void {
  process.stdout.write(`${JSON.stringify({ level: 'info', event, ...fields })}\n`);
}

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const ms = (nanoseconds: number) => nanoseconds / 1e6;
    const loop = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    log('measured', { ...loop, rss: process.memoryUsage().rss });
  });
  process.on('SIGHUP', () => {
    for (let round = 0; round < 4; round++) globalThis.gc?.();
    log('collected', { heapUsed: process.memoryUsage().heapUsed });
    delay.reset();
  });
}
