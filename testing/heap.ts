import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The bytes of heap in use once nothing more can be collected: what was dropped may be referenced until a turn has ended. */
export async function heapAfterCollection(): Promise<number> {
  for (let last = Infinity; ; ) {
    await setImmediate();
    collect();
    const { heapUsed } = process.memoryUsage();
    if (heapUsed > last - 10_000) return heapUsed;
    last = heapUsed;
  }
}
