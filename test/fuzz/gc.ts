// Loaded into a server by `--import`, with `--expose-gc`: at SIGUSR2 it collects garbage and logs the memory in use.
import { isMainThread } from 'node:worker_threads';

if (isMainThread)
  process.on('SIGUSR2', () => {
    for (let round = 0; round < 4; round++) globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ level: 'info', event: 'collected', heapUsed, rss })}\n`);
  });
