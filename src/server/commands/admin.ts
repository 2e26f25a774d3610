import { Command, InvalidArgumentError } from 'commander';
import { MAX_DURATION_MS } from '../admin/messages.ts';
import { ask } from './ask.ts';
import { fail } from './fail.ts';
import { backupCommand } from './backup.ts';
import { addServerCommand } from './server-command.ts';
import { unitCommand } from './unit.ts';
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

type Flags = {
  readonly data?: string;
  readonly reason?: string;
  readonly for?: number;
  readonly address?: string;
  readonly addresses?: boolean;
};

/** `parlance admin ...`: the operator's commands to a running server. */
export function adminCommand(): Command {
  const admin = new Command('admin')
    .description('Look after a server that runs on this machine.')
    .addHelpText('after', `\n${WHERE}`);
  const add = (usage: string, description: string) => addServerCommand(admin, usage, description);

  withReason(withTime(add('ban [name]', 'Disconnect everybody with this name or a look-alike, and let nobody use it.')))
    .option('--address <range>', 'Ban this address or range instead, such as 203.0.113.7 or 203.0.113.0/24.')
    .action((name: string | undefined, flags: Flags) => {
      const terms = { reason: flags.reason ?? NO_REASON, forMs: flags.for ?? null };
      const { named, address } = target(name, flags);
      const who =
        named === null ? ({ command: 'ban-address', address } as const) : ({ command: 'ban', name: named } as const);
      return ask(flags, { ...who, ...terms });
    });
  add('unban [name]', 'Let people use this name again.')
    .option('--address <range>', 'Let people come from this address or range again.')
    .action((name: string | undefined, flags: Flags) => {
      const { named, address } = target(name, flags);
      return ask(flags, named === null ? { command: 'unban-address', address } : { command: 'unban', name: named });
    });
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
  add('list', 'Show who is here and who is banned.')
    .option('--addresses', 'Show also from which addresses people are connected, and invisible people.')
    .action((flags: Flags) => ask(flags, { command: 'list', addresses: flags.addresses === true }));
  return admin.addCommand(backupCommand()).addCommand(userCommand()).addCommand(unitCommand());
}

/** The one thing that is meant: a name or an address. */
function target(
  name: string | undefined,
  { address }: Flags,
): { readonly named: string; readonly address: null } | { readonly named: null; readonly address: string } {
  if (name !== undefined && address === undefined) return { named: name, address: null };
  if (name === undefined && address !== undefined) return { named: null, address };
  return fail(['name either a person or, with --address, an address or a range']); // SERVER-157
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
