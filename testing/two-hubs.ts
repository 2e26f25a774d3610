import { MemoryBus } from '../src/bus/memory/bus.ts';
import { MemoryNames } from '../src/storage/memory/names.ts';
import { MemoryStorage } from '../src/storage/memory/storage.ts';
import { FakeClock } from './clock.ts';
import { TestHub } from './hub.ts';
import { countingIds } from './ids.ts';

/** Two hubs, each with a world of its own, over one storage, bus, clock and set of names in memory. */
export async function openTwoHubs(): Promise<readonly [TestHub, TestHub]> {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const storage = new MemoryStorage(clock);
  const shared = { clock, names: new MemoryNames(clock) };
  return [
    await TestHub.open({ ...shared, storage, bus: bus.join(), ids: countingIds(1) }),
    await TestHub.open({ ...shared, storage: storage.join(), bus: bus.join(), ids: countingIds(2) }),
  ];
}
