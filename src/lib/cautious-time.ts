/**
 * A reading of the time in whole ms since 1970 by which nothing gets old too early: what the clock says, but no later than its
 * first reading and the time that has passed since. A clock that jumps ahead does not move it; one that goes back does.
 */
export function cautiousTime(clock: { now(): number; monotonic(): number }): () => number {
  const start = clock.now() - clock.monotonic();
  return () => Math.min(clock.now(), Math.floor(start + clock.monotonic()));
}
