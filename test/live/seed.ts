import assert from 'node:assert/strict';
import { randomWeather } from '../../testing/chaos/weather.ts';
import { seededRandom } from '../../testing/random.ts';
import { settle } from '../../testing/world.ts';
import { type Pass, Story } from '../versions/story.ts';
import type { Tally } from '../versions/tally.ts';
import { MemoryNetwork } from './network.ts';
import { Postings } from './postings.ts';
import { type Stage, Watcher } from './watcher.ts';

/** Somebody without an account. */
const GUEST = 'hal';
const CHAPTERS = 3;
const SPELLS = 4;
const STEPS = 8;
/** So much time passes at once. */
const STEP_MS = 100;
/** After the faults everything is fresh within this time. */
const FRESH_MS = 5_000;
/** What was refused is asked for again within this time. */
const REFUSED_MS = 60_000;
/** A lost connection still counts as present for this time. */
const GRACE_MS = 10_000;

/** Runs one history; adds to the tally what happened. Rejects where what is watched is not what the server has. */
export async function runSeed(seed: number, tally: Tally): Promise<void> {
  const random = seededRandom(seed);
  const postings = new Postings();
  const story = await Story.open(random, tally, { pass: inSteps, opened: (app) => postings.follow(app) });
  const network = new MemoryNetwork(story.clock, random, () => story.app.connect('documents').peer);
  const stage: Stage = { story, network, random, tally, postings };
  const watchers: Watcher[] = [];
  for (const name of ['ann', 'ben', 'cyd', GUEST]) watchers.push(await Watcher.open(stage, name, name === GUEST));
  for (let chapter = 0; chapter < CHAPTERS; chapter++) {
    await badWeather(stage, watchers);
    if (chapter === 1) await whileTimePasses(story, story.restart());
    network.heal();
    if (chapter === 2) await whileTimePasses(story, restartTwo(watchers));
    for (const { client } of watchers) client.check();
    await untilFresh(story, watchers, FRESH_MS);
  }
  await inSteps(story.clock, GRACE_MS + REFUSED_MS);
  await untilFresh(story, watchers, 0);
  for (const watcher of watchers) watcher.checkMessages();
  tally.add('connections', network.opened);
  for (const { client } of watchers) void client.close();
  await inSteps(story.clock, 2_000);
  await whileTimePasses(story, story.stop());
}

/** Things happen while the network has random faults. */
async function badWeather({ story, network, random, tally }: Stage, watchers: readonly Watcher[]): Promise<void> {
  for (const { faults, event, kinds } of randomWeather(random, SPELLS, 1)) {
    network.set(faults);
    if (event !== null) network.cut();
    for (const kind of kinds) tally.add(`weather: ${kind}`);
    for (let step = 0; step < STEPS; step++) {
      await story.step();
      for (const watcher of watchers) if (random.next() < 0.5) watcher.act();
      await inSteps(story.clock, random.below(600));
    }
  }
}

/** A guest might have to wait for its name, so only accounts. */
async function restartTwo([first, second]: readonly Watcher[]): Promise<void> {
  await first?.restart();
  await second?.restart();
}

/** Passes when everything that is watched is as the server has it, or, within a time for what was refused, could be so. */
async function untilFresh(story: Story, watchers: readonly Watcher[], most: number): Promise<void> {
  const end = story.clock.monotonic() + most;
  for (;;) {
    const differences: string[] = [];
    for (const watcher of watchers)
      if (watcher.isOnline) differences.push(...(await watcher.differences(most > 0)));
      else differences.push(`${watcher.name}: ${JSON.stringify(watcher.client.connection.value)}`);
    if (differences.length === 0) return;
    assert.ok(story.clock.monotonic() < end, `not fresh after ${most} ms:\n${differences.join('\n')}`);
    await inSteps(story.clock, STEP_MS);
  }
}

/** A guest who logs in may wait for a sign of life of somebody with the same name, and the stop of the server for that. */
async function whileTimePasses(story: Story, doing: Promise<void>): Promise<void> {
  let isDone = false;
  const done = doing.finally(() => {
    isDone = true;
  });
  while (!isDone) await inSteps(story.clock, STEP_MS);
  await done;
}

const inSteps: Pass = async (clock, ms) => {
  for (let left = ms; left > 0; left -= STEP_MS) {
    clock.advance(Math.min(left, STEP_MS));
    await settle(clock, 4);
  }
};
