import { describe } from 'node:test';
import { MemoryBus } from '../../src/bus/memory/bus.ts';
import { MemoryNames } from '../../src/storage/memory/names.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import type { Stage } from './stage.ts';
import { twoWorldsSuite } from './two-worlds.suite.ts';

/** Everything happens in this process and in the order that the seed gives. */
const memory: Stage = {
  seeds: (most) => most,
  share: async (clock) => {
    const storage = new MemoryStorage(clock);
    const names = new MemoryNames(clock);
    const bus = new MemoryBus();
    return {
      join: async () => ({ storage: storage.join(), names, bus: bus.join() }),
      arrived: async () => {},
      close: () => storage.close(),
    };
  },
};

describe('two worlds in memory', () => twoWorldsSuite(memory));
