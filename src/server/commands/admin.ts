import { Command, InvalidArgumentError } from 'commander';
import { MAX_DURATION_MS } from '../admin/messages.ts';
import { ask } from './ask.ts';
import { backupCommand } from './backup.ts';
import { addServerCommand } from './server-command.ts';
import { userCommand } from './user.ts';

const NO_REASON = 'no reason given';

const WHERE =
  'Each command needs the --data that the server was started with, if any, and the same system user as the server.';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

type Flags = { readonly data?: string; readonly reason?: string; readonly for?: number };

/** `parlance admin ...`: the operator's commands to a running server. */
export function adminCommand(): Command {
  const admin = new Command('admin')
    .description('Look after a server that runs on this machine.')
    .addHelpText('after', `\n${WHERE}`);
  const add = (usage: string, description: string) => addServerCommand(admin, usage, description);

  withReason(
    withTime(add('ban <name>', 'Disconnect everybody with this name or a look-alike, and let nobody use it.')),
  ).action((name: string, flags: Flags) =>
    ask(flags, { command: 'ban', name, reason: flags.reason ?? NO_REASON, forMs: flags.for ?? null }),
  );
  add('unban <name>', 'Let people use this name again.').action((name: string, flags: Flags) =>
    ask(flags, { command: 'unban', name }),
  );
  withReason(add('kick <name>', 'Disconnect a person, who may come back.')).action((name: string, flags: Flags) =>
    ask(flags, { command: 'kick', name, reason: flags.reason ?? NO_REASON }),
  );
  withTime(add('mute <name>', 'Let a person read in the lobby, but not write.')).action((name: string, flags: Flags) =>
    ask(flags, { command: 'mute', name, forMs: flags.for ?? null }),
  );
  add('unmute <name>', 'Let a person write again.').action((name: string, flags: Flags) =>
    ask(flags, { command: 'unmute', name }),
  );
  add('delete <message-id>', 'Delete a message for everybody.').action((message: string, flags: Flags) =>
    ask(flags, { command: 'delete', message }),
  );
  add('list', 'Show who is here and who is banned.').action((flags: Flags) => ask(flags, { command: 'list' }));
  return admin.addCommand(backupCommand()).addCommand(userCommand());
}

function withReason(command: Command): Command {
  return command.option('--reason <text>', `The reason, as that person and the others see it. Default: ${NO_REASON}`);
}

function withTime(command: Command): Command {
  return command.option('--for <time>', 'For how long, such as 10m, 2h or 7d. Default: for good', readTime);
}

function readTime(text: string): number {
  const ms = durationMs(text);
  if (ms === null) throw new InvalidArgumentError('Give a number and s, m, h or d, such as 10m, 2h or 7d.'); // SERVER-67
  return ms;
}

/** The milliseconds of a duration such as `10m`, `2h` or `7d`; null if it is invalid, or over a hundred years. */
export function durationMs(text: string): number | null {
  const [, count, unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS.get(unit) ?? Number.NaN);
  return ms <= MAX_DURATION_MS ? ms : null; // SERVER-67
}
