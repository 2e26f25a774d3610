import type { Clock, Ids, Log } from '../core/ports.ts';
import { protocols } from '../protocols/index.ts';
import { reasonOf } from '../lib/reason.ts';
import type { Adapters } from './adapters/adapters.ts';
import { openAdapters } from './adapters/open.ts';
import { compareSettings } from './adapters/shared-settings.ts';
import { runAdmin } from './admin/commands.ts';
import { adminPath } from './admin/path.ts';
import { openAdmin } from './admin/server.ts';
import { openBlobs } from './blobs/open.ts';
import { ArgonPasswords } from './passwords.ts';
import type { Config } from './config/schema.ts';
import { CertificateKeeper } from './certificate/keeper.ts';
import { type CertificatePair, loadCertificate } from './certificate/pair.ts';
import { Health } from './health.ts';
import { composeApp } from './app.ts';
import { Metrics } from './metrics.ts';
import { announce } from './listing/announce.ts';
import { type RunningThread, startListingThread } from './listing-service/thread.ts';
import { openFiles } from './files/open.ts';
import { openMedia } from './media/open.ts';
import { answerPages } from './http/pages.ts';
import { closePorts, type OpenPort, openPorts } from './ports.ts';
import { routeRequests } from './http/routes.ts';
import { hubOptions, serverFacts, worldRules } from './settings.ts';
import { completesWithin } from './completes-within.ts';
import { openWeb } from './web/open.ts';
import { watchEventLoop } from './watchdog.ts';
import { watchStorage } from './storage-watch.ts';

/** How long a stop may take to answer requests and flush connections; the process ends within 10 s. */
const STOP_MS = 9_000;

/** The machine's clock, randomness and log. */
export type Machine = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How many lines of the log were dropped so far. */
  readonly droppedLines: () => number;
};

/** A running server. */
export type Server = {
  /** The port for everything comes first. */
  readonly ports: readonly OpenPort[];
  /** Where its directory of servers listens, if it runs one. */
  readonly directory: Pick<RunningThread, 'port' | 'address'> | null;
  /** Whether any account was an owner at the start. */
  readonly hasOwner: boolean;
  /** Resolves, with the reason, when the server cannot go on; the process has to end then. */
  readonly failure: Promise<string>;
  /** Loads the certificate from its files again. */
  reloadCertificate(): void;
  /** Refuses new connections, answers begun requests, refuses the rest, closes everything; false if 9 s were not enough. */
  stop(): Promise<boolean>;
};

/** Starts the server; rejects with a sentence for the operator, and then leaves nothing open. */
export async function startServer(config: Config, machine: Machine): Promise<Server> {
  const socket = adminPath(config.data);
  if (!socket.ok) throw new Error(socket.error);
  const adapters = await openAdapters(config, machine);
  const opened: (() => void | Promise<void>)[] = [() => adapters.close()];
  try {
    return await Promise.race([open(config, machine, adapters, socket.value, opened), failing(adapters)]);
  } catch (error) {
    for (const close of opened.toReversed()) await close();
    throw error;
  }
}

/** Rejects when the storage is broken: the start may wait for it for ever. */
async function failing({ failure }: Adapters): Promise<never> {
  throw new Error(await failure); // SERVER-91
}

/** Adds a closing function to `opened` for each part that it opens; the caller runs them if a later step fails. */
async function open(
  config: Config,
  { clock, ids, log, droppedLines }: Machine,
  adapters: Adapters,
  adminSocket: string,
  opened: (() => void | Promise<void>)[],
): Promise<Server> {
  const { node, storage, secret, names, bus, failure } = adapters;
  const blobs = openBlobs(config, adapters.blobs, clock);
  const metrics = new Metrics(clock);
  const measured = metrics.measured(storage);
  const app = await composeApp(
    { node, storage: measured, names, passwords: new ArgonPasswords(), bus, clock, ids, log },
    {
      facts: serverFacts(config, storage.serverId, (person, path) => media.pictures.named(person, path)),
      rules: worldRules(config),
      hub: hubOptions(config),
    },
  ).catch((error: unknown) => {
    throw new Error(adapters.unusable(reasonOf(error)), { cause: error }); // SERVER-15
  });
  const { world, hub } = app;
  opened.push(() => world.close());
  await compareSettings(config, adapters, log);
  const health = new Health(measured, clock);
  const people = () => world.people.visible.length;
  metrics.report({
    connections: () => hub.size,
    people,
    deliveries: () => hub.deliveries,
    droppedLines,
  });
  const media = openMedia({
    blobs: blobs('pictures'),
    world,
    storage,
    sessionOwner: (secret) => hub.sessions.owner(secret), // SERVER-171
    problem: () => health.problem(),
    clock,
    secret,
    log,
  });
  opened.push(media.close);
  const files = openFiles({
    config,
    blobs: blobs('files'),
    world,
    storage,
    sessionOwner: (secret) => hub.sessions.owner(secret), // SERVER-261
    problem: () => health.problem(),
    clock,
    ids,
    log,
  });
  opened.push(files.close);
  const pages = answerPages({
    name: config.name,
    protocols,
    problem: async () => (hub.stopping ? 'the server is stopping' : health.problem()), // SERVER-40
    metrics: () => metrics.page(),
    publicMetrics: config.public_metrics,
  });
  const web = openWeb(config, pages, log);
  const loaded = loadCertificate(config);
  const refused = () => metrics.refused();
  const handler = routeRequests({ media: media.handler, files: files.handler, web, pages });
  const common = { config, protocols, accept: app.accept, handler, refused, clock, log };
  const ports = await openPorts({ ...common, ...(loaded && { certificate: loaded.pair }) });
  opened.push(() => closePorts(ports));
  const around = { origins: () => hub.origins, trustedProxies: config.trusted_proxies };
  const closeAdmin = await openAdmin(adminSocket, (request) => runAdmin(world, clock.now(), request, around), {
    clock,
    log,
  });
  const stopWatching = watchEventLoop(clock, log);
  const use = (pair: CertificatePair) => ports.forEach(({ port }) => port.renewCertificate(pair)); // PORT-100
  const keeper = loaded && new CertificateKeeper({ ...loaded, use, clock, log });
  const stopAsking = watchStorage(storage, clock, log);
  const directory = await startListingThread(config, clock, log); // SERVER-230
  opened.push(async () => directory?.stop());
  const leaveDirectory = announce({ config, id: storage.serverId, people, clock, ids, log }); // SERVER-210

  async function stop(): Promise<void> {
    const left = leaveDirectory(); // SERVER-215
    for (const { port } of ports) port.stopAccepting(); // SERVER-50
    await hub.stop(); // SERVER-51
    await world.stop(); // SERVER-51
    await closeAdmin();
    await Promise.all(ports.map(({ port }) => port.end())); // SERVER-100
    await closePorts(ports);
    stopWatching();
    keeper?.close();
    stopAsking();
    media.close();
    files.close();
    world.close();
    await adapters.close();
    await left;
    await directory?.stop(); // Last, because this server may be listed there.
  }

  return {
    ports,
    directory,
    hasOwner: [...world.people.accounts].some(({ role }) => role === 'owner'), // SERVER-83
    failure,
    reloadCertificate: () => (keeper ? keeper.reload() : log.info('nothing-to-reload')), // SERVER-122
    stop: () => completesWithin(STOP_MS, clock, stop()), // SERVER-52
  };
}
