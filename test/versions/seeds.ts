import { checkEnough } from './enough.ts';
import { tallySeeds } from '../seeds.ts';
import { runSeed } from './seed.ts';
import type { Tally } from './tally.ts';

/** In so many stories everything happens. */
const ENOUGH = 25;

/**
 * Runs so many seeds from the first one on, and returns what happened. Rejects at the first seed with a wrong answer, and if in
 * 25 or more together something never happened; `done` is told each seed that was good.
 */
export async function runSeeds(first: number, count: number, done?: (seed: number) => void): Promise<Tally> {
  const tally = await tallySeeds(first, count, runSeed, done);
  if (count >= ENOUGH) checkEnough(tally);
  return tally;
}
