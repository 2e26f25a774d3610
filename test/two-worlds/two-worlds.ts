import { MemoryNames } from '../../src/storage/memory/names.ts';
import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import type { SeededRandom } from '../../testing/random.ts';
import { settle, TestWorld } from '../../testing/world.ts';
import { BadBus } from './unreliable-bus.ts';
import { UnevenStorage } from './delaying-storage.ts';

/** Two worlds over one store that answers unevenly, one set of names and a bad bus, all as the seed says. */
export async function openTwoWorlds(random: SeededRandom) {
  const clock = new FakeClock();
  const bus = new BadBus(random);
  const storage = new UnevenStorage(clock, random);
  const shared = { clock, storage, names: new MemoryNames() };
  const worlds = await Promise.all(
    [1, 2].map((origin) => TestWorld.open({ ...shared, bus: bus.join(), ids: countingIds(origin) })),
  );

  /** Some of what is under way arrives, and some time goes by; or neither. */
  function passTime(): void {
    if (random.next() < 0.5) bus.deliver();
    if (random.next() < 0.3) clock.advance(random.below(3_000));
  }

  /** From now on the bus is good; long enough that each world hears of all that was lost. */
  async function agree(): Promise<void> {
    bus.good = true;
    bus.deliver();
    for (let tick = 0; tick < 14; tick++) {
      clock.advance(1_000);
      await settle(clock, 4);
    }
  }

  return { clock, bus, storage, worlds, passTime, agree };
}
