import { parseArgs } from 'node:util';
import { Tally } from './versions/tally.ts';

/** Runs so many seeds from the first one on, and returns what happened. Rejects at the first bad seed; `done` is told each good one. */
export async function tallySeeds(
  first: number,
  count: number,
  runSeed: (seed: number, tally: Tally) => Promise<void>,
  done: (seed: number) => void = () => {},
): Promise<Tally> {
  const tally = new Tally();
  for (let seed = first; seed < first + count; seed++) {
    await runSeed(seed, tally).catch((cause: unknown) => {
      throw new Error(`seed ${seed}`, { cause });
    });
    done(seed);
  }
  return tally;
}

/**
 * Does what the command line says: `--seeds` seeds from `--first` on. Prints the progress and what happened, or the seed that
 * failed, and then exits with 1.
 */
export async function runSeedsCommand(
  seedsByDefault: number,
  run: (first: number, count: number, done: (seed: number) => void) => Promise<string>,
): Promise<void> {
  const { values } = parseArgs({
    options: { seeds: { type: 'string', default: `${seedsByDefault}` }, first: { type: 'string', default: '1' } },
  });
  const [first, seeds] = [Number(values.first), Number(values.seeds)];
  try {
    const happened = await run(first, seeds, (seed) => {
      const good = seed - first + 1;
      if (good % 10 === 0) console.error(`${good} of ${seeds} seeds`);
    });
    console.log(`${happened}\n${seeds} seeds from ${first} on: good`);
  } catch (error) {
    console.error(error);
    console.log('FAILED');
    process.exit(1);
  }
}
