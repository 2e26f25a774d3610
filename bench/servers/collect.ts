// Loaded into a server under measurement by `--import`, with `--expose-gc`: at SIGUSR2 collects garbage, and says in a line
// how many bytes are alive, on the heap and in buffers outside of it.
import { isMainThread } from 'node:worker_threads';

const ROUNDS = 4;

/** What is freed along with an object of the heap is freed in a turn of its own. */
async function collect(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ level: 'info', event: 'collected', bytes: heapUsed + external })}\n`);
}

if (isMainThread) process.on('SIGUSR2', () => void collect());
