import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryBus } from '../../bus/memory/bus.ts';
import type { Bus } from '../../core/ports.ts';
import type { NodeId } from '../../core/model/ids.ts';
import { reasonOf } from '../../lib/reason.ts';
import { claimDirectory } from '../../storage/sqlite/claim.ts';
import { BUS_OF_ONE } from '../config/services.ts';
import type { Config } from '../config/schema.ts';
import type { AdapterPorts, Adapters } from './adapters.ts';
import { adviseBus } from './names.ts';
import { hidePasswords, hidingLog } from './secrets.ts';

type Services = Pick<Config, 'data' | 'storage' | 'bus'>;
type ClosableBus = { readonly bus: Bus; readonly close: () => Promise<void> };

/** The database of a single node. */
const EMBEDDED_DATABASE = 'parlance.db';

/** Opens what nodes share, in the name of a new node; the data directory stays this node's own. */
export async function openShared(
  { data, storage: url, bus: busUrl }: Services,
  ports: AdapterPorts,
): Promise<Adapters> {
  const hide = hidePasswords([url, busUrl]);
  const own = { ...ports, log: hidingLog(ports.log, hide), node: ports.ids.identity() }; // SERVER-291
  const undo: (() => void | Promise<void>)[] = [await claimDirectory(data)]; // SERVER-294
  const close = async () => {
    for (const run of undo.splice(0).toReversed()) await run();
  };
  try {
    const { openPostgres } = await import('../../storage/postgres/open.ts'); // SERVER-292
    const { storage, names, exchangeSettings, blobs, secret } = await openPostgres({ url, ...own });
    undo.push(() => storage.close());
    const { bus, close: closeBus } = await openBus(busUrl, own);
    undo.push(closeBus);
    if (existsSync(join(data, EMBEDDED_DATABASE)))
      own.log.warn('database-not-used', { file: join(data, EMBEDDED_DATABASE) }); // SERVER-295
    return {
      node: own.node,
      storage,
      blobs,
      secret,
      names: busUrl === BUS_OF_ONE ? adviseBus(names, own.log) : names, // SERVER-293
      bus,
      exchangeSettings,
      failure: storage.failed.then(({ message }) => `the database cannot be used any more (${hide(message)})`), // SERVER-16
      unusable: (reason) => `the data in the database cannot be used (${hide(reason)}). Restore a backup of it`,
      close,
    };
  } catch (error) {
    await close();
    throw new Error(hide(reasonOf(error)), { cause: error }); // SERVER-291
  }
}

async function openBus(url: string, own: AdapterPorts & { readonly node: NodeId }): Promise<ClosableBus> {
  if (url === BUS_OF_ONE) return { bus: new MemoryBus().join(), close: async () => {} };
  const { openNatsBus } = await import('../../bus/nats/open.ts'); // SERVER-292
  const bus = await openNatsBus({ url, ...own });
  return { bus, close: () => bus.close() };
}
