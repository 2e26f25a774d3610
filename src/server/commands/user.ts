import { Argument, Command, Option } from 'commander';
import type { Role } from '../../core/model/account.ts';
import { ask } from './ask.ts';
import { confirm } from './confirm.ts';
import { fail } from './fail.ts';
import { readPassword } from './password.ts';
import { addServerCommand } from './server-command.ts';

const ROLES: readonly Role[] = ['owner', 'moderator', 'user'];

type UserOptions = {
  readonly data?: string;
  readonly displayName?: string;
  readonly role?: Role;
  readonly passwordStdin?: boolean;
  readonly messages?: boolean;
  readonly yes?: boolean;
};

/** `parlance admin user ...`: the operator's commands about accounts. */
export function userCommand(): Command {
  const user = new Command('user').description('Make and change accounts.');
  const add = (usage: string, description: string) => addServerCommand(user, usage, description);

  withPassword(add('create <name>', 'Make an account; its password is asked for.'))
    .option('--display-name <text>', 'The name that others are shown. Default: the name')
    .addOption(new Option('--role <role>', 'The role on the whole server. Default: user').choices(ROLES))
    .action(async (name: string, options: UserOptions) => {
      const password = await passwordFor(options);
      const { displayName = null, role = 'user' } = options;
      await ask(options, { command: 'user-create', name, displayName, role, password });
    });
  withPassword(add('password <name>', 'Give an account another password, which is asked for.')).action(
    async (name: string, options: UserOptions) =>
      ask(options, { command: 'user-password', name, password: await passwordFor(options) }),
  );
  add('role <name>', 'Set the role of an account on the whole server.')
    .addArgument(new Argument('<role>', 'the role').choices(ROLES))
    .action((name: string, role: Role, options: UserOptions) => ask(options, { command: 'user-role', name, role }));
  add('delete <name>', 'Delete an account. Its name is never given out again.')
    .option('--messages', 'Delete all messages of this person, too. Default: they stay, under the name and ~')
    .option('--yes', 'Do not ask for confirmation.')
    .action(async (name: string, { yes = false, messages = false, ...options }: UserOptions) => {
      const what = messages ? `the account ${name} and everything that this person said` : `the account ${name}`;
      const terminal = { input: process.stdin, output: process.stderr };
      if (!yes && !(await confirm(terminal, `Delete ${what}, for good?`))) fail(['nothing was changed']); // SERVER-155
      await ask(options, { command: 'user-delete', name, messages });
    });
  add('list', 'Show all accounts.').action((options: UserOptions) => ask(options, { command: 'user-list' }));
  return user;
}

function withPassword(command: Command): Command {
  return command.option('--password-stdin', 'Read the password from standard input instead of asking for it.');
}

/** Passwords are never arguments, which every process of the machine can read. */
async function passwordFor({ passwordStdin = false }: UserOptions): Promise<string> {
  const password = await readPassword({ input: process.stdin, output: process.stderr }, passwordStdin);
  return password.ok ? password.value : fail([password.error]);
}
