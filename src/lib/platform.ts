import type { WebSocketLike } from './request-channel.ts';

/** What a client needs from its platform. Everything has a default, except the WebSocket if the platform has none. */
export type Platform = {
  readonly WebSocket: new (url: string) => WebSocketLike;
  /** Milliseconds since 1970; may jump. */
  readonly now: () => number;
  /** Milliseconds since an arbitrary moment; never goes back. */
  readonly monotonic: () => number;
  /** Calls `run` once after `ms`; returns the function that cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
};

/** Fills in the platform's own. No other file of lib reads the time or a random number. */
export function withDefaults(platform: Partial<Platform>): Platform {
  return {
    WebSocket: platform.WebSocket ?? WebSocket,
    now: platform.now ?? Date.now,
    monotonic: platform.monotonic ?? (() => performance.now()),
    random: platform.random ?? Math.random,
    after: platform.after ?? startTimer,
  };
}

function startTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
