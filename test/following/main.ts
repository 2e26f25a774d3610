// `npm run follow [-- --seeds 500 --first 1]`: so many random stories, followed over connections that are lost. A seed that fails
// becomes a test of its own in this folder, named after what was wrong.
import { runSeedsCommand, tallySeeds } from '../seeds.ts';
import { followStory } from './follow.ts';

await runSeedsCommand(500, async (first, count, done) =>
  (await tallySeeds(first, count, followStory, done)).listed('follower'),
);
