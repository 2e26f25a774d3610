import { isatty } from 'node:tty';
import type { Log } from '../../core/ports.ts';
import { protocols } from '../../protocols/index.ts';
import { reasonOf } from '../../lib/reason.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import type { Sources } from '../config/sources.ts';
import { systemIds } from '../ids.ts';
import { type Server, startServer } from '../server.ts';
import { fail } from './fail.ts';
import { Outputs } from './outputs.ts';
import { handleSignals } from './signals.ts';
import { firstOwnerCommand, networkAddress, welcome } from './welcome.ts';

/** Runs the server until a signal stops it or it cannot go on; then the process ends. */
export async function run(sources: Sources): Promise<void> {
  const loaded = loadConfig(sources);
  if (!loaded.ok) fail(loaded.error);
  const config = loaded.value;
  const outputs = new Outputs(config.log.level, systemClock);
  outputs.catchWarnings();
  const { log } = outputs;
  const machine = { clock: systemClock, ids: systemIds(systemClock), log, droppedLines: () => outputs.dropped };
  let server: Server | null = null;
  const exit = (code: number) => void outputs.end(code);
  // Before the line `listening`, after which a script may send a signal.
  handleSignals({ on: process.on.bind(process), exit: (code) => outputs.exit(code) }, systemClock, {
    atTerminal: [0, 1, 2].some(isatty),
    stop: () => void (server === null ? exit(0) : stop(server, log, exit)),
    reload: () => server?.reloadCertificate(),
  });
  const started = await startServer(config, machine).catch((error: unknown) => reasonOf(error));
  if (typeof started === 'string') return outputs.end(1, [started]); // SERVER-15
  server = started;
  if (outputs.isTerminal) {
    const { ports, hasOwner } = started;
    outputs.say(welcome({ config, ports, protocols, hasOwner, address: networkAddress() })); // SERVER-18
  }
  for (const { only, port } of started.ports) {
    log.info('listening', { port: port.address.port, address: port.address.address, only }); // SERVER-13
  }
  if (!started.hasOwner) log.info('no-owner', { make: firstOwnerCommand(config) }); // SERVER-83
  const reason = await started.failure;
  log.error('broken', { reason });
  return outputs.end(1, [reason]); // SERVER-16
}

/** Stops the server and ends the process: with code 1 if something had to be cut off. */
export async function stop(server: Pick<Server, 'stop'>, log: Log, exit: (code: number) => void): Promise<void> {
  log.info('stopping');
  const complete = await server.stop();
  if (complete) log.info('stopped');
  else log.error('stop-incomplete');
  exit(complete ? 0 : 1); // SERVER-52
}
