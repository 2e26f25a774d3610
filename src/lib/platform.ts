import type { WebSocketLike } from './request-channel.ts';

/** What a client stands on. All of it has defaults, except a WebSocket where the platform has none. */
export type Platform = {
  readonly WebSocket: new (url: string) => WebSocketLike;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls once after so many milliseconds; returns the function that prevents it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
};

/** What is not given is the platform's own: time and chance are taken here, and nowhere else in lib. */
export function withDefaults(platform: Partial<Platform>): Platform {
  return {
    WebSocket: platform.WebSocket ?? WebSocket,
    now: platform.now ?? Date.now,
    random: platform.random ?? Math.random,
    after: platform.after ?? startTimer,
  };
}

function startTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
