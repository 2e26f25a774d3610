import type { Command } from 'commander';
import { DEFAULT_DATA } from '../config/schema.ts';

const DATA = `The data directory that the server was started with. Default: PARLANCE_DATA, else ${DEFAULT_DATA}`;

/** Adds a command to a running server. People may be called `-h`, so a command with a name has no `-h` for help. */
export function addServerCommand(parent: Command, usage: string, description: string): Command {
  const command = parent.command(usage).description(description).option('--data <path>', DATA);
  if (!/[<[]name[>\]]/.test(usage)) return command;
  const hint = `A name that begins with - comes last, after --, as in: ${command.name()} -- -h`;
  return command
    .helpOption('--help', 'display help for command') // SERVER-131
    .addHelpText('after', `\n${hint}`) // SERVER-131
    .showHelpAfterError(hint);
}
