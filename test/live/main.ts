// `npm run live [-- --seeds 500 --first 1]`: so many random histories on a bad network; what clients show is what the server has, at
// most 5 s after the faults. A seed that fails becomes a test of its own in this folder, named after what was wrong.
import { runSeedsCommand } from '../seeds.ts';
import { runSeeds } from './seeds.ts';

await runSeedsCommand(500, async (first, count, done) => (await runSeeds(first, count, done)).listed());
