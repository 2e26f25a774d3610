// Loaded into a server by `--import`, with `--expose-gc`. At SIGUSR2 it logs how late its event loop was and how much memory
// it holds; at SIGHUP it collects garbage, logs what is left, and begins to watch the event loop anew.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

function say(event: string, fields: Readonly<Record<string, number>>): void {
  process.stdout.write(`${JSON.stringify({ level: 'info', event, ...fields })}\n`);
}

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const ms = (nanoseconds: number) => nanoseconds / 1e6;
    const loop = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    say('probed', { ...loop, rss: process.memoryUsage().rss });
  });
  process.on('SIGHUP', () => {
    for (let round = 0; round < 4; round++) globalThis.gc?.();
    say('collected', { heapUsed: process.memoryUsage().heapUsed });
    delay.reset();
  });
}
