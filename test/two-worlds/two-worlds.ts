import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import { settle, TestWorld, untilSettled } from '../../testing/world.ts';
import { delaying } from './calls.ts';
import type { Shared, Stage } from './stage.ts';
import { UnreliableBus } from './unreliable-bus.ts';

/** Two worlds over one delaying storage, one set of names and an unreliable bus. The test reads `storage`. */
export type TwoWorlds = Awaited<ReturnType<typeof openTwoWorlds>>;

/** Opens two worlds for each seed, tells the story in them, and closes them. Returns the number of seeds. */
export async function forSeeds(
  stage: Stage,
  most: number,
  story: (scene: TwoWorlds, seed: number) => Promise<void>,
): Promise<number> {
  const seeds = stage.seeds(most);
  for (let seed = 1; seed <= seeds; seed++) {
    const clock = new FakeClock();
    const shared = await stage.share(clock);
    try {
      const scene = await openTwoWorlds(seededRandom(seed), clock, shared);
      await story(scene, seed);
      for (const { world } of scene.worlds) world.close();
      await shared.arrived();
    } finally {
      await shared.close();
    }
  }
  return seeds;
}

async function openTwoWorlds(random: SeededRandom, clock: FakeClock, shared: Shared) {
  const bus = new UnreliableBus(random);
  const { storage } = await shared.join('test');
  const arrived = () => shared.arrived();
  const counts = { reads: 0 };
  const deliverSometimes = () => void (random.next() < 0.1 && bus.deliver());
  const nodes = [1, 2].map((origin) => ({ nodeId: `node-${origin}`, ids: countingIds(origin) }));
  const ports = [];
  for (const { nodeId } of nodes) ports.push(await shared.join(nodeId));
  const worlds = await Promise.all(
    ports.map(({ storage, names, bus: member }, index) =>
      TestWorld.open({
        ...nodes[index],
        storage: delaying(storage, random, deliverSometimes, counts),
        names,
        bus: bus.over(member),
        clock,
        arrived,
      }),
    ),
  );

  /** Delivers some messages of the bus and lets some time pass, or neither. */
  function passTime(): void {
    if (random.next() < 0.5) bus.deliver();
    if (random.next() < 0.3) clock.advance(random.below(3_000));
  }

  /** Makes the bus reliable and waits until both worlds have found all that was lost. */
  async function converge(): Promise<void> {
    bus.reliable = true;
    bus.deliver();
    for (let tick = 0; tick < 14; tick++) {
      clock.advance(1_000);
      await settle(clock, 4, arrived);
    }
  }

  return {
    random,
    clock,
    bus,
    storage,
    worlds,
    /** How often the worlds read entries from storage. */
    reads: () => counts.reads,
    passTime,
    converge,
    /** Ends event-loop turns until this promise is settled. */
    settled: <T>(promise: Promise<T>): Promise<T> => untilSettled(clock, promise, arrived),
    /** Waits until all pending work is done, without moving the time. */
    settle: (turns?: number): Promise<void> => settle(clock, turns, arrived),
  };
}
