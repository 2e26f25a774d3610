import { MemoryNames } from '../../src/storage/memory/names.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import type { SeededRandom } from '../../testing/random.ts';
import { settle, TestWorld } from '../../testing/world.ts';
import { UnreliableBus } from './unreliable-bus.ts';
import { DelayingStorage } from './delaying-storage.ts';

/** Two worlds over one delaying storage, one set of names and an unreliable bus. The test reads `storage`. */
export async function openTwoWorlds(random: SeededRandom) {
  const clock = new FakeClock();
  const bus = new UnreliableBus(random);
  const storage = new MemoryStorage(clock);
  const shared = { clock, names: new MemoryNames(clock) };
  const deliverSometimes = () => void (random.next() < 0.1 && bus.deliver());
  const stores = [1, 2].map(() => new DelayingStorage(clock, random, storage, deliverSometimes));
  const worlds = await Promise.all(
    stores.map((own, index) =>
      TestWorld.open({ ...shared, storage: own, bus: bus.join(), ids: countingIds(index + 1) }),
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
      await settle(clock, 4);
    }
  }

  /** How often the worlds read entries from storage. */
  const reads = () => stores.reduce((sum, store) => sum + store.reads, 0);

  return { clock, bus, storage, worlds, reads, passTime, converge };
}
