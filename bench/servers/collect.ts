// Loaded into a measured server by `--import`, with `--expose-gc`: on SIGUSR2 it collects garbage and prints the live bytes,
// on the heap and in buffers outside of it.
import { isMainThread } from 'node:worker_threads';

const ROUNDS = 4;

/** Several rounds, because buffers are freed in a later event-loop turn than their objects. */
async function collect(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ level: 'info', event: 'collected', bytes: heapUsed + external })}\n`);
}

if (isMainThread) process.on('SIGUSR2', () => void collect());
