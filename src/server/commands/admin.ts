import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_DATA } from '../config/schema.ts';
import { ask } from './ask.ts';
import { durationMs } from './duration.ts';
import { userCommand } from './user.ts';

const NO_REASON = 'no reason given';

type Given = { readonly data?: string; readonly reason?: string; readonly for?: number };

/** `parlance admin ...`: what only the one who runs the server may do, while it runs. */
export function adminCommand(): Command {
  const admin = new Command('admin').description('Look after a server that runs on this machine.');
  const add = (usage: string, description: string): Command =>
    admin
      .command(usage)
      .description(description)
      .option('--data <path>', `The data directory of the server. Default: ${DEFAULT_DATA}`);

  withReason(
    withTime(add('ban <name>', 'Send away whoever bears this name or one like it, and let nobody enter under it.')),
  ).action((name: string, given: Given) =>
    ask(given, { command: 'ban', name, reason: given.reason ?? NO_REASON, forMs: given.for ?? null }),
  );
  add('unban <name>', 'Let people enter under this name again.').action((name: string, given: Given) =>
    ask(given, { command: 'unban', name }),
  );
  withReason(add('kick <name>', 'Send somebody away, who may come back.')).action((name: string, given: Given) =>
    ask(given, { command: 'kick', name, reason: given.reason ?? NO_REASON }),
  );
  withTime(add('mute <name>', 'Let somebody read in the lobby, but not write there.')).action(
    (name: string, given: Given) => ask(given, { command: 'mute', name, forMs: given.for ?? null }),
  );
  add('unmute <name>', 'Let somebody write again.').action((name: string, given: Given) =>
    ask(given, { command: 'unmute', name }),
  );
  add('delete <message-id>', 'Delete a message for everybody.').action((message: string, given: Given) =>
    ask(given, { command: 'delete', message }),
  );
  add('list', 'Show who is here and who is banned.').action((given: Given) => ask(given, { command: 'list' }));
  return admin.addCommand(userCommand());
}

function withReason(command: Command): Command {
  return command.option('--reason <text>', `What that person and the others are told. Default: ${NO_REASON}`);
}

function withTime(command: Command): Command {
  return command.option('--for <time>', 'For how long, such as 10m, 2h or 7d. Default: for good', readTime);
}

function readTime(text: string): number {
  const ms = durationMs(text);
  if (ms === null) throw new InvalidArgumentError('Give a number and s, m, h or d, such as 10m, 2h or 7d.'); // SERVER-67
  return ms;
}
