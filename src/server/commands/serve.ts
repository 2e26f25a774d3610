import { Command, Option } from 'commander';
import type { Log } from '../../core/ports.ts';
import { protocols } from '../../protocols/index.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { type Option as ConfigOption, options } from '../config/options.ts';
import type { Config } from '../config/schema.ts';
import { systemIds } from '../ids.ts';
import { createLog } from '../log.ts';
import { logOutput } from '../log-output.ts';
import { type Server, startServer } from '../server.ts';
import { fail } from './fail.ts';
import { stopOnSignals } from './signals.ts';
import { welcome } from './welcome.ts';

/** `parlance serve`: runs the server until it is told to stop. */
export function serveCommand(): Command {
  const command = new Command('serve').description('Run the server until it is told to stop (Ctrl-C).');
  command.addOption(
    new Option('--config <path>', 'The TOML file to read; without it `parlance.toml` in the data directory.'),
  );
  for (const option of options) command.addOption(flagFor(option));
  return command.addHelpText('after', HELP).action(async (given: Record<string, unknown>) => {
    const flags = new Map(
      command.options.map((option) => [option.long?.slice(2) ?? '', given[option.attributeName()]]),
    );
    const config = loadConfig({ flags, env: process.env, directory: process.cwd() });
    if (!config.ok) fail(config.error);
    await run(config.value);
  });
}

const HELP = `
Every option can also be set in the file (as in docs/configuration.md) and in the environment: --c2-port is PARLANCE_C2_PORT.
Flags are stronger than the environment, and that is stronger than the file.`;

async function run(config: Config): Promise<void> {
  const log = createLog({ level: config.log.level, write: logOutput(process.stdout), clock: systemClock });
  const server = await startServer(config, { clock: systemClock, ids: systemIds(systemClock), log }).catch(
    (error: unknown) => fail([error instanceof Error ? error.message : String(error)]), // SERVER-15
  );
  if (process.stdout.isTTY) process.stdout.write(welcome(config, server.ports, protocols));
  for (const { only, port } of server.ports) {
    log.info('listening', { port: port.address.port, address: port.address.address, only }); // SERVER-13
  }
  stopOnSignals(systemClock, () => stop(server, log));
  const reason = await server.broken;
  log.error('broken', { reason });
  fail([reason]); // SERVER-16
}

async function stop(server: Server, log: Log): Promise<void> {
  log.info('stopping');
  const complete = await server.stop();
  if (complete) log.info('stopped');
  else log.error('stop-incomplete'); // SERVER-52
  process.exit(complete ? 0 : 1); // SERVER-52
}

function flagFor({ flag, kind, key, isPath, description, initial }: ConfigOption): Option {
  const value = isPath ? ' <path>' : { integer: ' <number>', text: ' <text>', list: ' <text>', flag: '' }[kind];
  const usual = kind === 'integer' || typeof initial === 'string' ? ` Default: ${initial}` : '';
  const more = kind === 'list' ? ' Can be given several times.' : '';
  const option = new Option(`--${flag}${value}`, description + more + usual);
  if (key.startsWith('limits.') || key.startsWith('deadlines.')) option.helpGroup('Limits and deadlines:');
  if (kind !== 'list') return option;
  return option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
}
