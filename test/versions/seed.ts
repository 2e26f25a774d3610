import { seededRandom } from '../../testing/random.ts';
import { GUEST, Story, VIEWERS } from './story.ts';
import type { Tally } from './tally.ts';
import { Viewer } from './viewer.ts';

const CHAPTERS = 6;
const STEPS = 20;
/** How many guests there are is told at most so often (VIEW-47). */
const GUESTS_MS = 1_000;

/** Runs one story; adds to the tally what happened and was compared. Rejects where an answer is wrong. */
export async function runSeed(seed: number, tally: Tally): Promise<void> {
  const random = seededRandom(seed);
  const story = await Story.open(random, tally);
  const viewers = VIEWERS.map(() => new Viewer(story, random, tally));
  const look = async (run: number) => {
    story.advance(GUESTS_MS);
    await story.app.settle();
    for (const [index, viewer] of viewers.entries()) {
      const client = story.viewers[index]?.client;
      if (client !== undefined) await viewer.look(client, run);
    }
  };
  for (let chapter = 0; chapter < CHAPTERS; chapter++) {
    for (let step = random.below(STEPS); step >= 0; step--) await story.step();
    await look(0);
  }
  await story.restart();
  viewers[VIEWERS.indexOf(GUEST)] = new Viewer(story, random, tally); // Under this name comes another person.
  await look(1);
  for (let step = 0; step < STEPS; step++) await story.step();
  await look(1);
  await story.stop();
}
