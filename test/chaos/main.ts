// `npm run chaos [-- --seeds 100 --first 1 --scale 0.1]`: clients of all protocols on bad networks. Nothing that was acknowledged
// is lost, nothing is posted twice, everybody is shown one order, and nobody is stuck. `--scale 1` is ten times slower: 500 ms,
// 1 KB/s.
import { inspect, parseArgs } from 'node:util';
import { Tally } from '../versions/tally.ts';
import { runSeed } from './seed.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    scale: { type: 'string', default: '0.1' },
  },
});
const [first, seeds] = [Number(values.first), Number(values.seeds)];
const tally = new Tally();
let failed = 0;
for (let seed = first; seed < first + seeds; seed++) {
  const begun = performance.now();
  const problems = await runSeed(seed, Number(values.scale), tally).catch((error: unknown) => [inspect(error)]);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  console.error(`seed ${seed}: ${problems.length === 0 ? 'good' : 'FAILED'} in ${seconds} s`);
  for (const problem of problems.slice(0, 20)) console.log(`seed ${seed}: ${problem}`);
  if (problems.length > 0) failed++;
}
console.log(`${tally.listed()}\n${seeds} seeds from ${first} on: ${failed === 0 ? 'good' : `${failed} FAILED`}`);
process.exit(failed === 0 ? 0 : 1);
