import { singleNodeBus } from '../../bus/single/bus.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { openSqliteStorage } from '../../storage/sqlite/open.ts';
import { storageFailure } from '../storage-failure.ts';
import type { AdapterPorts, Adapters } from './adapters.ts';

/** Opens what a single node needs, all of it within this process and its data directory. */
export async function openEmbedded(directory: string, ports: AdapterPorts): Promise<Adapters> {
  const storage = await openSqliteStorage({ directory, ...ports });
  return {
    node: ports.ids.identity(),
    storage,
    blobs: null,
    secret: ports.ids.secret(),
    names: new MemoryNames(),
    bus: singleNodeBus,
    failure: storageFailure(storage),
    exchangeSettings: async () => '',
    unusable: (reason) =>
      `the data in ${directory} cannot be used (${reason}). Keep a copy of that directory and restore a backup in its place`, // SERVER-15
    close: () => storage.close(),
  };
}
