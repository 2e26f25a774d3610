// `npm run versions [-- --seeds 1000 --first 1]`: so many random stories; every old version and its patch make the new one. A seed
// that fails becomes a test of its own in this folder, named after what was wrong.
import { runSeedsCommand } from '../seeds.ts';
import { runSeeds } from './seeds.ts';

await runSeedsCommand(1_000, async (first, count, done) => (await runSeeds(first, count, done)).listed());
