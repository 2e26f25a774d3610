import { MemoryBus } from '../bus/memory/bus.ts';
import type { Clock, Ids, Log } from '../core/ports.ts';
import { protocols } from '../protocols/index.ts';
import { MemoryNames } from '../storage/memory/names.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import type { SqliteStorage } from '../storage/sqlite/storage.ts';
import { reasonOf } from '../lib/reason.ts';
import { runAdmin } from './admin/commands.ts';
import { adminPath } from './admin/path.ts';
import { openAdmin } from './admin/server.ts';
import { ArgonPasswords } from './passwords.ts';
import { storageFailure } from './storage-failure.ts';
import type { Config } from './config/schema.ts';
import { Health } from './health.ts';
import { composeApp } from './app.ts';
import { Metrics } from './metrics.ts';
import { answerPages } from './pages.ts';
import { closePorts, type OpenPort, openPorts } from './ports.ts';
import { hubOptions, serverFacts, worldRules } from './settings.ts';
import { completesWithin } from './completes-within.ts';
import { watchEventLoop } from './watchdog.ts';

/** What is begun has so long to be answered and to leave when the server stops; the process ends within 10 s. */
const STOP_MS = 9_000;

/** What the server is given from the machine. */
export type Machine = { readonly clock: Clock; readonly ids: Ids; readonly log: Log };

/** A server that runs. */
export type Server = {
  /** The one for everything first. */
  readonly ports: readonly OpenPort[];
  /** Whether some account was an owner when it started. */
  readonly hasOwner: boolean;
  /** Resolves, with what happened, when the server cannot go on: the process has to end then. */
  readonly broken: Promise<string>;
  /** Refuses newcomers, answers what was begun, refuses the rest, ends everything; false if 9 s were not enough. */
  stop(): Promise<boolean>;
};

/** Starts everything; rejects with a sentence for the operator, and then nothing is left open. */
export async function startServer(config: Config, machine: Machine): Promise<Server> {
  const socket = adminPath(config.data);
  if (!socket.ok) throw new Error(socket.error);
  const storage = await openSqliteStorage({ directory: config.data, ...machine });
  const opened: (() => void | Promise<void>)[] = [() => storage.close()];
  try {
    return await open(config, machine, storage, socket.value, opened);
  } catch (error) {
    for (const close of opened.toReversed()) await close();
    throw error;
  }
}

/** Notes in `opened` how to close what is open, so that nothing stays behind if a later step fails. */
async function open(
  config: Config,
  { clock, ids, log }: Machine,
  storage: SqliteStorage,
  adminSocket: string,
  opened: (() => void | Promise<void>)[],
): Promise<Server> {
  const metrics = new Metrics(clock);
  const measured = metrics.measured(storage);
  const bus = new MemoryBus().join();
  const app = await composeApp(
    { storage: measured, names: new MemoryNames(), passwords: new ArgonPasswords(), bus, clock, ids, log },
    {
      facts: serverFacts(config, storage.serverId),
      rules: worldRules(config),
      hub: hubOptions(config),
    },
  ).catch((error: unknown) => {
    const reason = `the data in ${config.data} cannot be used (${reasonOf(error)})`;
    throw new Error(`${reason}. Keep a copy of that directory and restore a backup in its place`, { cause: error }); // SERVER-15
  });
  const { world, hub } = app;
  opened.push(() => world.close());
  const health = new Health(measured, clock);
  metrics.report({
    connections: () => hub.size,
    people: () => world.people.visible.length,
    deliveries: () => hub.deliveries,
  });
  const pages = answerPages({
    name: config.name,
    protocols,
    healthy: async () => !hub.stopping && (await health.acceptsWrites()), // SERVER-40
    metrics: () => metrics.page(),
    publicMetrics: config.public_metrics,
  });
  const accept = app.accept;
  const ports = await openPorts({ config, protocols, accept, pages, refused: () => metrics.refused(), clock, log });
  opened.push(() => closePorts(ports));
  const closeAdmin = await openAdmin(adminSocket, (request) => runAdmin(world, clock.now(), request), log);
  const stopWatching = watchEventLoop(clock, log);

  async function stop(): Promise<void> {
    for (const { port } of ports) port.stopAccepting(); // SERVER-50
    await hub.stop(); // SERVER-51
    await world.stop(); // SERVER-51
    await closeAdmin();
    await closePorts(ports);
    stopWatching();
    world.close();
    await storage.close();
  }

  return {
    ports,
    hasOwner: [...world.people.accounts].some(({ role }) => role === 'owner'), // SERVER-83
    broken: storageFailure(storage),
    stop: () => completesWithin(STOP_MS, clock, stop()), // SERVER-52
  };
}
