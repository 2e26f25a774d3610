import { MemoryBus } from '../src/bus/memory/bus.ts';
import type { Clock } from '../src/core/ports.ts';
import type { AdapterPorts, Adapters } from '../src/server/adapters/adapters.ts';
import { MemoryNames } from '../src/storage/memory/names.ts';
import { MemoryStorage } from '../src/storage/memory/storage.ts';

/** What servers in this process share: the function that opens it for one more of them. */
export function shareMemory(clock: Clock): (_directory: string, ports: AdapterPorts) => Promise<Adapters> {
  const storage = new MemoryStorage(clock);
  const bus = new MemoryBus();
  const names = new MemoryNames(clock);
  return async (_directory, { ids }) => ({
    node: ids.identity(),
    storage: Object.assign(storage.join(), {
      serverId: 1,
      failed: new Promise<Error>(() => {}),
      obstacle: async () => null,
    }),
    blobs: null,
    secret: 'secret',
    names,
    bus: bus.join(),
    failure: new Promise(() => {}),
    exchangeSettings: async () => '',
    unusable: (reason) => reason,
    close: async () => {},
  });
}
