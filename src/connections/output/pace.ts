/** Over so much that has not left, what is read for a connection waits for its link (CONN-11). */
export const PACE_BYTES = 256 * 1024;

/** Whoever takes nothing of that for so long is a slow reader (CONN-08). */
export const STALLED_MS = 60_000;
