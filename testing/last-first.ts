import type { Cleanup } from './temporary.ts';

/**
 * A cleanup that runs what was registered last first: a browser is closed before the server that it is connected to. The context of
 * a test runs the first one first.
 */
export function lastFirst(context: Cleanup): Cleanup {
  const ends: (() => Promise<void>)[] = [];
  context.after(async () => {
    const errors: unknown[] = [];
    // All of them run, also after one that fails: a server that is left over would keep the test from ending.
    for (const end of ends.toReversed()) await end().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  });
  return { after: (end) => void ends.push(end) };
}
