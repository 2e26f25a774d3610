import type { Log } from '../../core/ports.ts';
import { protocols } from '../../protocols/index.ts';
import { reasonOf } from '../../lib/reason.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import type { Sources } from '../config/sources.ts';
import { systemIds } from '../ids.ts';
import { createLog } from '../log.ts';
import { logOutput } from '../log-output.ts';
import { type Server, startServer } from '../server.ts';
import { fail } from './fail.ts';
import { stopOnSignals } from './signals.ts';
import { firstOwnerCommand, welcome } from './welcome.ts';

/** Runs the server until a signal stops it or it cannot go on; then the process ends. */
export async function run(sources: Sources): Promise<never> {
  const loaded = loadConfig(sources);
  if (!loaded.ok) fail(loaded.error);
  const config = loaded.value;
  const log = createLog({ level: config.log.level, write: logOutput(process.stdout), clock: systemClock });
  const machine = { clock: systemClock, ids: systemIds(systemClock), log };
  const server = await startServer(config, machine).catch((error: unknown) => {
    return fail([reasonOf(error)]); // SERVER-15
  });
  // Before the line `listening`, after which a script may send a signal.
  stopOnSignals(process, systemClock, () => void stop(server, log, (code) => process.exit(code)));
  if (process.stdout.isTTY) process.stdout.write(welcome(config, server.ports, protocols, server.hasOwner));
  for (const { only, port } of server.ports) {
    log.info('listening', { port: port.address.port, address: port.address.address, only }); // SERVER-13
  }
  if (!server.hasOwner) log.info('no-owner', { make: firstOwnerCommand(config) }); // SERVER-83
  const reason = await server.failure;
  log.error('broken', { reason });
  return fail([reason]); // SERVER-16
}

/** Stops the server and ends the process: with code 1 if something had to be cut off. */
export async function stop(server: Pick<Server, 'stop'>, log: Log, exit: (code: number) => void): Promise<void> {
  log.info('stopping');
  const complete = await server.stop();
  if (complete) log.info('stopped');
  else log.error('stop-incomplete');
  exit(complete ? 0 : 1); // SERVER-52
}
