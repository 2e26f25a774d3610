import type { Clock, Ids, Log } from '../../core/ports.ts';
import { ListingClient } from '../../listing/client.ts';
import { newKey } from '../../listing/keys.ts';
import type { Config } from '../config/schema.ts';
import { admissionLimits } from '../settings.ts';
import { ListingAnnouncer } from './announcer.ts';
import { KeyFile } from './key-file.ts';

/** The most people that a listing service lets a server say. */
const MAX_USERS = 1_000_000;

/** What the directory is told of the running server. */
export type AnnounceOptions = {
  readonly config: Config;
  readonly id: number;
  readonly people: () => number;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'identity'>;
  readonly log: Log;
};

/** Lists the server in the directory that is configured, if one is; returns the function that takes it out again. */
export function announce({ config, id, people, clock, ids, log }: AnnounceOptions): () => Promise<void> {
  const { listing: url, public_address: address, name, data } = config;
  if (url === undefined) return async () => {};
  const announcer = new ListingAnnouncer({
    url,
    id,
    properties: {
      serverName: name,
      maxUsers: Math.min(admissionLimits(config).connections, MAX_USERS), // SERVER-210
      ...(address !== undefined && { address }),
    },
    connectedUsers: () => Math.min(people(), MAX_USERS),
    client: new ListingClient(url),
    keys: new KeyFile(data, url, clock),
    newKey: () => newKey(ids),
    clock,
    random: Math.random,
    log,
  });
  announcer.start();
  return () => announcer.stop();
}
