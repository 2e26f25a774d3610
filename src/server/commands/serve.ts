import { Command, Option } from 'commander';
import { type Option as ConfigOption, options } from '../config/options.ts';

const HELP = `
Every option can also be set in the file, as docs/configuration.md shows, and in the environment: --c2-port is PARLANCE_C2_PORT.
Flags are stronger than the environment, and the environment is stronger than the file.`;

/** `parlance serve`: runs the server until a signal stops it. */
export function serveCommand(): Command {
  const command = new Command('serve').description('Run the server until a signal stops it (Ctrl-C).');
  command.option(
    '--config <path>',
    'The TOML file to read. Default: parlance.toml in the data directory, if it is there',
  );
  for (const option of options) command.addOption(flagFor(option));
  return command.addHelpText('after', HELP).action(async (given: Record<string, unknown>) => {
    const flags = new Map(
      command.options.map((option) => [option.long?.slice(2) ?? '', given[option.attributeName()]]),
    );
    // Imported here, so that other commands do not load the server.
    const { run } = await import('./run.ts');
    await run({ flags, env: process.env, directory: process.cwd() });
  });
}

function flagFor({ flag, kind, key, isPath, description, initial, expects }: ConfigOption): Option {
  const switched = initial === true ? ' <true|false>' : '';
  const value = isPath ? ' <path>' : { integer: ' <number>', text: ' <text>', list: ' <text>', flag: switched }[kind];
  const isShown =
    initial !== undefined && (kind === 'integer' || initial === true || (kind === 'text' && initial !== ''));
  const usual = isShown ? ` Default: ${initial}` : '';
  const values = isPath || kind === 'flag' ? '' : ` Values: ${expects}.`; // SERVER-09
  const more = kind === 'list' ? ' Can be given several times.' : '';
  const option = new Option(`--${flag}${value}`, description + values + more + usual);
  if (key.startsWith('limits.') || key.startsWith('deadlines.')) option.helpGroup('Limits and deadlines:');
  if (kind !== 'list') return option;
  return option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
}
