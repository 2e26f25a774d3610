import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock, Log } from '../core/ports.ts';

const LOOK_MS = 1_000;
const BLOCKED_MS = 200;
const RESOLUTION_MS = 20;
const NANOSECONDS = 1e6;

/** What the watchdog reads: the longest delay since the last reset, in nanoseconds. */
type Delays = { readonly max: number; reset(): void };

/** Warns when something kept the event loop for more than 200 ms (T38). Returns what ends it. */
export function watchEventLoop(clock: Clock, log: Log): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const stop = watch(delays, clock, log);
  return () => {
    stop();
    delays.disable();
  };
}

/** The same on given measurements. */
export function watch(delays: Delays, clock: Clock, log: Log): () => void {
  const look = (): void => {
    const blockedMs = Math.round(delays.max / NANOSECONDS) - RESOLUTION_MS;
    delays.reset();
    if (blockedMs > BLOCKED_MS) log.warn('event-loop-blocked', { blockedMs }); // SERVER-46
    cancel = clock.after(LOOK_MS, look);
  };
  let cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}
