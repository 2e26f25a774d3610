import type { Barrier } from './transcript.ts';

/** The details of nobody: has an answer and no effect, also before a login, where it is refused. */
export const taggedBarrier: Barrier = {
  ask: (count) => JSON.stringify({ message: 'detail.users', usernames: [], tag: `barrier ${count}` }),
  isAnswer: (count, line) => line.endsWith(`"tag":"barrier ${count}"}`),
};

/** The same object with its keys in one order; what is no JSON stays as it is. */
export function normalizeTagged(line: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(line)));
  } catch {
    return line;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
