import type { Cleanup } from '../testing/temporary.ts';

/** Runs this outside of a test; then runs what was registered with the cleanup, the last first. */
export async function withCleanup<T>(run: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const undo: (() => Promise<void>)[] = [];
  try {
    return await run({ after: (end) => void undo.push(end) });
  } finally {
    for (const end of undo.toReversed()) await end();
  }
}
