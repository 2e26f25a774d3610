// Loaded into a server by `--import`: at SIGUSR2 logs how late its event loop was since the last time, and its memory.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const ms = (nanoseconds: number) => nanoseconds / 1e6;
    const loop = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    delay.reset();
    const { rss } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ level: 'info', event: 'probed', ...loop, rss })}\n`);
  });
}
