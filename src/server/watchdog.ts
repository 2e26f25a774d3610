import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock, Log } from '../core/ports.ts';

const CHECK_MS = 1_000;
const BLOCKED_MS = 200;
const RESOLUTION_MS = 20;
const NANOSECONDS_PER_MS = 1e6;

/** The longest delay of the event loop since the last reset, in nanoseconds. */
type Delays = { readonly max: number; reset(): void };

/** Warns when the event loop was blocked for more than 200 ms (T38). Returns the function that ends the watch. */
export function watchEventLoop(clock: Clock, log: Log): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const stop = watch(delays, clock, log);
  return () => {
    stop();
    delays.disable();
  };
}

/** The part of `watchEventLoop` that tests call with measurements of their own. */
export function watch(delays: Delays, clock: Clock, log: Log): () => void {
  const check = (): void => {
    const blockedMs = Math.round(delays.max / NANOSECONDS_PER_MS) - RESOLUTION_MS;
    delays.reset();
    if (blockedMs > BLOCKED_MS) log.warn('event-loop-blocked', { blockedMs }); // SERVER-46
    cancel = clock.after(CHECK_MS, check);
  };
  let cancel = clock.after(CHECK_MS, check);
  return () => cancel();
}
