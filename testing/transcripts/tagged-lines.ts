import type { Barrier } from './transcript.ts';

/** Asks for the details of no user. Has no effect, and also an answer before a login: a refusal. */
export const taggedBarrier: Barrier = {
  ask: (count) => JSON.stringify({ message: 'detail.users', usernames: [], tag: `barrier ${count}` }),
  isAnswer: (count, line) => line.endsWith(`"tag":"barrier ${count}"}`),
};

/** Sorts the keys of an object; a line that is no JSON stays the same. */
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
