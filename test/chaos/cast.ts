import type { Clock } from '../../src/core/ports.ts';
import { type ChaosProxy, openChaosProxy } from '../../testing/chaos/proxy.ts';
import { type SeededRandom, seededRandom } from '../../testing/random.ts';
import type { Cleanup } from '../../testing/temporary.ts';
import { PASSWORD } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import type { MatrixServer } from '../matrix/server.ts';
import type { ChaosClient } from './chaos-client.ts';
import { DriverChaosClient } from './driver-client.ts';
import { libraries } from './libraries.ts';
import { LibraryChaosClient } from './library-client.ts';
import { SessionChaosClient } from './session-client.ts';

/** A client and the bad network between it and the server. */
export type Weathered = {
  readonly name: string;
  readonly client: ChaosClient;
  readonly proxy: ChaosProxy;
  readonly random: SeededRandom;
};

/** Everybody of one seed. */
export type Cast = {
  /** One client of each library, one of each protocol and transport in the matrix that is no library's, and sessions of documents. */
  readonly weathered: readonly Weathered[];
  /** A client of a library that is connected to the server itself. */
  readonly healthy: ChaosClient;
  readonly everybody: readonly ChaosClient[];
};

/** Opens all clients, and a proxy for each but the healthy one. */
export async function openCast(
  cleanup: Cleanup,
  server: MatrixServer,
  { seed, scale, clock }: { readonly seed: number; readonly scale: number; readonly clock: Clock },
): Promise<Cast> {
  const random = seededRandom(seed);
  const weathered: Weathered[] = [];

  async function through(open: (port: number, random: SeededRandom) => Promise<ChaosClient>): Promise<void> {
    const own = seededRandom(seed * 1_000 + weathered.length);
    const proxy = await openChaosProxy({ port: server.port, random: own, clock });
    cleanup.after(() => proxy.close());
    const client = await open(proxy.port, own);
    weathered.push({ name: client.name, client, proxy, random: own });
  }

  async function withAccount(
    name: string,
    openClient: (port: number, own: SeededRandom) => ChaosClient,
  ): Promise<void> {
    await server.account(name, PASSWORD);
    await through(async (port, own) => {
      const client = openClient(port, own);
      await client.online();
      return client;
    });
  }

  for (const library of libraries) {
    const name = `lib-${library.protocol}`;
    const isGuest = library.hasGuests && random.next() < 0.5;
    if (!isGuest) await server.account(name, PASSWORD);
    await through((port, own) => LibraryChaosClient.open(library, { name, isGuest, port, random: own, clock, scale }));
  }
  for (const driver of drivers) {
    for (const usual of driver.transports) {
      // Once in some thousand lost connections, libzmq tells of no end any more.
      const transport = usual === 'zeromq' ? 'zmtp' : usual;
      if (transport === 'websocket' && libraries.some(({ protocol }) => protocol === driver.protocol)) continue;
      const name = `${transport}-${driver.protocol}`;
      await withAccount(
        name,
        (port, own) => new DriverChaosClient(driver, { name, port, transport, random: own, clock, scale }),
      );
    }
  }
  for (const transport of ['websocket', 'tcp'] as const) {
    const name = `${transport}-session`;
    await withAccount(
      name,
      (port, own) => new SessionChaosClient({ name, port, transport, random: own, clock, scale }),
    );
  }
  await server.account('healthy', PASSWORD);
  const healthy = await LibraryChaosClient.open(libraries[seed % libraries.length] ?? fail(), {
    name: 'healthy',
    isGuest: false,
    port: server.port,
    random,
    clock,
    scale: 1,
  });
  return { weathered, healthy, everybody: [...weathered.map(({ client }) => client), healthy] };
}

function fail(): never {
  throw new Error('there is no library');
}
