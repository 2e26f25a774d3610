import { openAdapters } from '../src/server/adapters/open.ts';
import type { AdapterPorts, Adapters } from '../src/server/adapters/adapters.ts';
import { type NatsUrls, natsForTests, noNats } from './nats.ts';
import { databasesForTests, type MakeDatabase, noPostgres } from './postgres.ts';
import type { Cleanup } from './temporary.ts';

/** Why no server here can use PostgreSQL and NATS; false if one can. */
export const noServices = noPostgres || noNats;

/** What nodes of one world share: a database of their own, and a bus that nobody else uses. */
export type SharedServices = { readonly storage: string; readonly bus: string };

/** A PostgreSQL and a NATS for any number of worlds. */
export class Services {
  readonly #makeDatabase: MakeDatabase;
  readonly #nats: NatsUrls;

  private constructor(makeDatabase: MakeDatabase, nats: NatsUrls) {
    this.#makeDatabase = makeDatabase;
    this.#nats = nats;
  }

  /** Without `fsync`: what is tested is not what the disk keeps. */
  static async start(cleanup: Cleanup): Promise<Services> {
    return new Services(await databasesForTests(cleanup, { fsync: false }), await natsForTests(cleanup));
  }

  async share(cleanup: Cleanup): Promise<SharedServices> {
    return { storage: await this.#makeDatabase(cleanup), bus: this.#nats.make() };
  }
}

/** Opens it for one more server of this process. */
export function openShare(share: SharedServices): (directory: string, ports: AdapterPorts) => Promise<Adapters> {
  return (directory, ports) => openAdapters({ data: directory, ...share }, ports);
}
