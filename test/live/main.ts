// `npm run live [-- --seeds 500 --first 1]`: so many random histories on a bad network; what clients show is what the server has, at
// most 5 s after the faults. A seed that fails becomes a test of its own in this folder, named after what was wrong.
import { parseArgs } from 'node:util';
import { runSeeds } from './seeds.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '500' }, first: { type: 'string', default: '1' } },
});
const [first, seeds] = [Number(values.first), Number(values.seeds)];
try {
  const tally = await runSeeds(first, seeds, (seed) => {
    const count = seed - first + 1;
    if (count % 10 === 0) console.error(`${count} of ${seeds} seeds`);
  });
  console.log(`${tally.listed()}\n${seeds} seeds from ${first} on: good`);
} catch (error) {
  console.error(error);
  console.log('FAILED');
  process.exit(1);
}
