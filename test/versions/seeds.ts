import { checkEnough } from './enough.ts';
import { runSeed } from './seed.ts';
import { Tally } from './tally.ts';

/** In so many stories everything happens. */
const ENOUGH = 25;

/**
 * Runs so many seeds from the first one on, and returns what happened. Rejects at the first seed with a wrong answer, and if in
 * 25 or more together something never happened; `done` is told each seed that was good.
 */
export async function runSeeds(first: number, count: number, done: (seed: number) => void = () => {}): Promise<Tally> {
  const tally = new Tally();
  for (let seed = first; seed < first + count; seed++) {
    await runSeed(seed, tally);
    done(seed);
  }
  if (count >= ENOUGH) checkEnough(tally);
  return tally;
}
