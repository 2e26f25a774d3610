import { Argument, Command, Option } from 'commander';
import type { Role } from '../../core/model/account.ts';
import { DEFAULT_DATA } from '../config/schema.ts';
import { ask } from './ask.ts';
import { fail } from './fail.ts';
import { readPassword } from './password.ts';

const ROLES: readonly Role[] = ['owner', 'moderator', 'user'];

type Given = {
  readonly data?: string;
  readonly displayName?: string;
  readonly role?: Role;
  readonly passwordStdin?: boolean;
};

/** `parlance admin user ...`: accounts, as the one who runs the server sees them. */
export function userCommand(): Command {
  const user = new Command('user').description('Make and change accounts.');
  const add = (usage: string, description: string): Command =>
    user
      .command(usage)
      .description(description)
      .option('--data <path>', `The data directory of the server. Default: ${DEFAULT_DATA}`);

  withPassword(add('create <name>', 'Make an account; its password is asked for.'))
    .option('--display-name <text>', 'What that person likes to be called. Default: the name')
    .addOption(new Option('--role <role>', 'What the account may do on the whole server. Default: user').choices(ROLES))
    .action(async (name: string, given: Given) => {
      const password = await passwordFor(given);
      const { displayName = null, role = 'user' } = given;
      await ask(given, { command: 'user-create', name, displayName, role, password });
    });
  withPassword(add('password <name>', 'Give an account another password, which is asked for.')).action(
    async (name: string, given: Given) =>
      ask(given, { command: 'user-password', name, password: await passwordFor(given) }),
  );
  add('role <name>', 'Say what an account may do on the whole server.')
    .addArgument(new Argument('<role>', 'what it may do').choices(ROLES))
    .action((name: string, role: Role, given: Given) => ask(given, { command: 'user-role', name, role }));
  add('list', 'Show all accounts.').action((given: Given) => ask(given, { command: 'user-list' }));
  return user;
}

function withPassword(command: Command): Command {
  return command.option('--password-stdin', 'Read the password from standard input instead of asking for it.');
}

/** Never from the command line, which every process of the machine can read. */
async function passwordFor({ passwordStdin = false }: Given): Promise<string> {
  const password = await readPassword({ input: process.stdin, output: process.stderr }, passwordStdin);
  return password.ok ? password.value : fail([password.error]);
}
