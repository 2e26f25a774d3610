import { inspect } from 'node:util';
import type { Clock } from '../../src/core/ports.ts';
import { completesWithin } from '../../src/server/completes-within.ts';

/** How long somebody may take on a network that works. */
export type Deadline = { readonly ms: number; readonly clock: Clock };

/** Does this with all of them at once. Returns what was wrong: who took too long, and who failed, with the error. */
export async function allInTime<T extends { readonly name: string }>(
  all: readonly T[],
  what: string,
  deadline: Deadline,
  run: (one: T) => Promise<void>,
): Promise<string[]> {
  const problems = await Promise.all(all.map((one) => problemOf(run(one), deadline)));
  return all.flatMap(({ name }, index) => {
    const problem = problems[index] ?? null;
    return problem === null ? [] : [`${name} could not ${what}: ${problem}`];
  });
}

async function problemOf(work: Promise<void>, { ms, clock }: Deadline): Promise<string | null> {
  try {
    return (await completesWithin(ms, clock, work)) ? null : `not within ${ms / 1_000} s`;
  } catch (error) {
    return inspect(error);
  }
}
