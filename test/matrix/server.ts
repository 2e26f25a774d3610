import type { PersonId } from '../../src/core/model/ids.ts';
import type { Clock, Storage } from '../../src/core/ports.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { World } from '../../src/core/world.ts';
import type { Result } from '../../src/lib/result.ts';
import type { AdapterPorts, Adapters } from '../../src/server/adapters/adapters.ts';
import { openEmbedded } from '../../src/server/adapters/embedded.ts';
import { protocols } from '../../src/protocols/index.ts';
import { systemClock } from '../../src/server/clock.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { composeApp } from '../../src/server/app.ts';
import { systemIds } from '../../src/server/ids.ts';
import { createLog } from '../../src/server/log.ts';
import { closePorts, openPorts } from '../../src/server/ports.ts';
import { hubOptions, serverFacts, worldRules } from '../../src/server/settings.ts';
import { fastPasswords } from '../../testing/passwords.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';

type Ask<T> = (world: World, done: (result: Result<T, Refusal>) => void) => void;

/** A server in this process. Everything is real, sockets and files too, except that password hashes are fast. */
export type MatrixServer = {
  readonly port: number;
  readonly url: string;
  readonly world: World;
  /** The lines of the log so far. */
  readonly log: readonly string[];
  readonly dataDir: string;
  /** Runs a command on the world itself, for what no client can request; rejects if it is refused. */
  must<T>(ask: Ask<T>): Promise<T>;
  account(name: string, password: string): Promise<PersonId>;
  /** The person of this name; throws if there is none. */
  person(name: string): PersonId;
  close(): Promise<void>;
};

/** Opens what a server stores in; `directory` is its data directory. */
export type OpenAdapters = (directory: string, ports: AdapterPorts) => Promise<Adapters>;

/**
 * Opens a server on a free port of 127.0.0.1, with an empty data directory. `wrap` may wrap its storage. `clock` may tell
 * another time, but its deadlines must be real.
 */
export async function openServer(
  flags: Readonly<Record<string, string>> = {},
  wrap: (storage: Storage) => Storage = (storage) => storage,
  clock: Clock = systemClock,
  openAdapters: OpenAdapters = openEmbedded,
): Promise<MatrixServer> {
  const undo: Undo[] = [];
  try {
    return await open(flags, wrap, clock, openAdapters, undo);
  } catch (error) {
    await runAll(undo);
    throw error;
  }
}

type Undo = () => void | Promise<void>;

async function runAll(undo: readonly Undo[]): Promise<void> {
  for (const run of undo.toReversed()) await run();
}

async function open(
  flags: Readonly<Record<string, string>>,
  wrap: (storage: Storage) => Storage,
  clock: Clock,
  openAdapters: OpenAdapters,
  undo: Undo[],
): Promise<MatrixServer> {
  const dataDir = temporaryDirectory({ after: (run) => void undo.push(run) }, 'memory');
  const loaded = loadConfig({
    flags: new Map(Object.entries({ port: '0', host: '127.0.0.1', data: dataDir, ...flags })),
    env: {},
    directory: dataDir,
  });
  if (!loaded.ok) throw new Error(loaded.error.join('; '));
  const config = loaded.value;
  const ids = systemIds(clock);
  const lines: string[] = [];
  const log = createLog({ level: 'info', clock, write: (line) => void lines.push(line) });
  const { node, storage, names, bus, close } = await openAdapters(dataDir, { clock, ids, log });
  undo.push(close);
  const app = await composeApp(
    { node, storage: wrap(storage), names, passwords: fastPasswords, bus, clock, ids, log },
    {
      facts: serverFacts(config, storage.serverId, async () => null),
      rules: worldRules(config),
      hub: hubOptions(config),
    },
  );
  const { world, hub } = app;
  undo.push(() => world.close());
  const handler = (_request: unknown, response: { end(): void }) => response.end();
  const ports = await openPorts({ config, protocols, accept: app.accept, handler, refused: () => {}, clock, log });
  undo.push(async () => {
    await hub.stop();
    await world.stop();
    await closePorts(ports);
  });
  const port = ports[0]?.port.address.port ?? 0;

  function must<T>(ask: Ask<T>): Promise<T> {
    return new Promise((resolve, reject) =>
      ask(world, (result) =>
        result.ok ? resolve(result.value) : reject(new Error(`refused: ${JSON.stringify(result.error)}`)),
      ),
    );
  }

  async function account(name: string, password: string): Promise<PersonId> {
    const wanted = { name, displayName: null, password: { type: 'plain', value: password }, role: 'user' } as const;
    const { person } = await must<{ person: PersonId }>(
      (asked, done) => void asked.accounts.register({ type: 'operator' }, wanted, done),
    );
    return person;
  }

  return {
    port,
    url: `ws://127.0.0.1:${port}/`,
    world,
    log: lines,
    dataDir,
    must,
    account,
    person(name) {
      const found = world.people.find(name);
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found.id;
    },
    close: () => runAll(undo),
  };
}
