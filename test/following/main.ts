// `npm run follow [-- --seeds 500 --first 1]`: so many random stories, followed over connections that are lost. A seed that fails
// becomes a test of its own in this folder, named after what was wrong.
import { parseArgs } from 'node:util';
import { followStory } from './follow.ts';
import { Tally } from '../versions/tally.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '500' }, first: { type: 'string', default: '1' } },
});
const [first, seeds] = [Number(values.first), Number(values.seeds)];
const tally = new Tally();
try {
  for (let seed = first; seed < first + seeds; seed++) {
    await followStory(seed, tally);
    if ((seed - first + 1) % 10 === 0) console.error(`${seed - first + 1} of ${seeds} seeds`);
  }
  console.log(`${tally.listed('follower')}\n${seeds} seeds from ${first} on: good`);
} catch (error) {
  console.error(error);
  console.log('FAILED');
  process.exit(1);
}
