import { seededRandom } from '../../testing/random.ts';
import { Follower } from './follower.ts';
import { Story } from '../versions/story.ts';
import type { Tally } from '../versions/tally.ts';

const CHAPTERS = 5;
const STEPS = 20;

/**
 * One story, with two people who follow it over connections that they lose: one who has another connection, and one who is absent in
 * between. In the end of each chapter, and after a restart of the server, their copies must be what a new client is answered.
 */
export async function followStory(seed: number, tally: Tally): Promise<void> {
  const random = seededRandom(seed);
  const story = await Story.open(random, tally);
  const followers = [
    await Follower.open(story, random, tally, 'ann'),
    await Follower.open(story, random, tally, 'fay'),
  ];
  const chapter = async () => {
    for (let step = random.below(STEPS); step >= 0; step--) {
      await story.step();
      for (const follower of followers) await follower.step();
    }
    for (const follower of followers) await follower.look();
  };
  for (let count = 0; count < CHAPTERS; count++) await chapter();
  await story.restart();
  for (const follower of followers) follower.restarted();
  await chapter();
  await chapter();
  await story.stop();
}
