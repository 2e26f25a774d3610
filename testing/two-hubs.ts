import { MemoryBus } from '../src/bus/memory/bus.ts';
import { MemoryNames } from '../src/storage/memory/names.ts';
import { MemoryStorage } from '../src/storage/memory/storage.ts';
import { FakeClock } from './clock.ts';
import { FaultyNode } from './faulty-node.ts';
import { TestHub, type TestHubOptions } from './hub.ts';
import { countingIds } from './ids.ts';

/** Two hubs, each with its world, over one store, one set of names and one bus. `nodes` can be cut off and stopped. */
export async function openTwoHubs(options: Pick<TestHubOptions, 'rates' | 'hub'> = {}) {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const storage = new MemoryStorage(clock);
  const names = new MemoryNames(clock);
  const nodes = [new FaultyNode(clock, bus.join()), new FaultyNode(clock, bus.join())] as const;
  const open = (node: FaultyNode, origin: number) =>
    TestHub.open({ ...options, storage: storage.join(), names, node, clock, ids: countingIds(origin) });
  return { clock, nodes, hubs: [await open(nodes[0], 1), await open(nodes[1], 2)] as const };
}
