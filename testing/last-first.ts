import type { Cleanup } from './temporary.ts';

/**
 * A cleanup that runs what was registered last first: a browser is closed before the server that it is connected to. The context of
 * a test runs the first one first.
 */
export function lastFirst(context: Cleanup): Cleanup {
  const ends: (() => Promise<void>)[] = [];
  context.after(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return { after: (end) => void ends.push(end) };
}
