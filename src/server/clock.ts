import type { Clock } from '../core/ports.ts';

/** The machine's clock. Deadlines never keep the process alive: open ports and connections do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    let timer: NodeJS.Timeout | undefined = setTimeout(run, ms).unref();
    return () => {
      clearTimeout(timer);
      timer = undefined; // keeping this function does not keep the timer
    };
  },
  endOfTurn(run) {
    setImmediate(run);
  },
  soon(run) {
    setTimeout(run, 1);
  },
};
