import type { Platform } from '../platform.ts';

/** A connection to keep alive; `hasReceived` is true if anything was received since its last call. */
export type KeepaliveTarget = { hasReceived(): boolean; probe(): void; end(): void };

/** Probes after `ms` in which nothing was received, and ends after `ms` more. Returns the function that stops it. */
export function keepalive(
  after: Platform['after'],
  ms: number,
  { hasReceived, probe, end }: KeepaliveTarget,
): () => void {
  let stop = wait(false);
  return () => stop();

  function wait(isProbed: boolean): () => void {
    return after(ms, () => {
      const isSilent = !hasReceived();
      if (isProbed && isSilent) return end();
      if (isSilent) probe();
      stop = wait(isSilent);
    });
  }
}
