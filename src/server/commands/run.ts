import { protocols } from '../../protocols/index.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import type { Sources } from '../config/sources.ts';
import { systemIds } from '../ids.ts';
import { startServer } from '../server.ts';
import { fail } from './fail.ts';
import { Outputs } from './outputs.ts';
import { runService } from './run-service.ts';
import { firstOwnerCommand, networkAddress, welcome } from './welcome.ts';

/** Runs the server until a signal stops it or it cannot go on; then the process ends. */
export async function run(sources: Sources): Promise<void> {
  const loaded = loadConfig(sources);
  if (!loaded.ok) fail(loaded.error);
  const config = loaded.value;
  const outputs = new Outputs(config.log.level, systemClock);
  const { log } = outputs;
  const machine = { clock: systemClock, ids: systemIds(systemClock), log, droppedLines: () => outputs.dropped };
  await runService(outputs, () => startServer(config, machine), {
    started({ ports, directory, hasOwner }) {
      if (outputs.isTerminal) outputs.say(welcome({ config, ports, protocols, hasOwner, address: networkAddress() })); // SERVER-18
      for (const { only, port } of ports) {
        log.info('listening', { port: port.address.port, address: port.address.address, only }); // SERVER-13
      }
      if (directory !== null)
        log.info('listening', { port: directory.port, address: directory.address, only: 'listing' }); // SERVER-230
      if (!hasOwner) log.info('no-owner', { make: firstOwnerCommand(config) }); // SERVER-83
    },
    reload: (server) => server.reloadCertificate(),
  });
}
