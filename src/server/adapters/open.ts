import { isShared } from '../config/services.ts';
import type { Config } from '../config/schema.ts';
import type { AdapterPorts, Adapters } from './adapters.ts';
import { openEmbedded } from './embedded.ts';

/** Opens what the configuration names; rejects with a sentence for the operator, without passwords. */
export async function openAdapters(
  config: Pick<Config, 'data' | 'storage' | 'bus'>,
  ports: AdapterPorts,
): Promise<Adapters> {
  if (!isShared(config.storage)) return openEmbedded(config.data, ports);
  const { openShared } = await import('./shared.ts'); // SERVER-292
  return openShared(config, ports);
}
