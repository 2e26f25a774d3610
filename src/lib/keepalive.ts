import type { Platform } from './platform.ts';

/** What is watched: whether it was heard since it was last asked, how it is made to speak, and its end. */
export type KeepaliveTarget = { hasReceived(): boolean; probe(): void; end(): void };

/** Asks after so many ms in which nothing was heard, and ends it after as many more. Returns the function that stops the watch. */
export function keepalive(
  after: Platform['after'],
  ms: number,
  { hasReceived: heard, probe: ask, end }: KeepaliveTarget,
): () => void {
  let stop = waitFor(false);
  return () => stop();

  function waitFor(asked: boolean): () => void {
    return after(ms, () => {
      const silent = !heard();
      if (asked && silent) return end();
      if (silent) ask();
      stop = waitFor(silent);
    });
  }
}
