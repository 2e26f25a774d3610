import type { Account } from '../../core/model/account.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Deletion } from '../../core/services/deletions.ts';
import type { World } from '../../core/world.ts';
import type { Result } from '../../lib/result.ts';
import type { AdminReply, AdminRequest } from './messages.ts';
import { operatorText } from './refusal-text.ts';

/** The requests about accounts. */
export type UserRequest = Extract<AdminRequest, { readonly command: `user-${string}` }>;

/** The most accounts that are listed, so that the answer stays readable. */
const MAX_LISTED = 1_000;

type Answer<T> = Promise<Result<T, Refusal>>;
type UserWorld = Pick<World, 'accounts' | 'people' | 'deletions'>;

/** Runs a command about accounts as the operator; resolves when its changes are on disk. */
export async function runUser(world: UserWorld, request: UserRequest): Promise<AdminReply> {
  if (request.command === 'user-list') return { ok: true, lines: list([...world.people.accounts]) };
  if (request.command === 'user-create') return replyTo(await create(world, request), described);
  if (request.command === 'user-delete') return remove(world, request);
  const account = accountOf(world, request.name);
  if (account === undefined) return { ok: false, lines: [`${request.name} has no account`] }; // SERVER-80
  if (request.command === 'user-role') {
    const { role } = request;
    const changed: Answer<Account> = new Promise((done) =>
      world.accounts.setRole({ type: 'operator' }, account.person, role, done),
    );
    return replyTo(await changed, described);
  }
  const password = { type: 'plain', value: request.password } as const;
  const changed: Answer<unknown> = new Promise(
    (done) => void world.accounts.setPassword(account.person, password, done),
  );
  return replyTo(await changed, () => `${account.name} has another password`);
}

async function remove(
  { deletions }: UserWorld,
  { name, messages }: Extract<UserRequest, { command: 'user-delete' }>,
): Promise<AdminReply> {
  const result: Result<Deletion, Refusal> = await new Promise((done) => void deletions.delete(name, messages, done));
  if (result.ok) {
    const { value } = result;
    const deleted = value.messages === 1 ? '1 message is' : `${value.messages} messages are`;
    const said = messages ? `${deleted} deleted` : `what this person said stays, under ${value.name}~`;
    return { ok: true, lines: [`${value.name} has no account any more, and the name stays taken; ${said}`] }; // SERVER-154
  }
  if (result.error.type === 'not-found') return { ok: false, lines: [`${name} has no account`] }; // SERVER-154
  const isBroken = result.error.type === 'unavailable' || result.error.type === 'stopping';
  if (!isBroken) return replyTo(result, () => '');
  return { ok: false, lines: ['the server could not finish this; give the same command again, to go on'] }; // SERVER-154
}

function create(world: UserWorld, request: Extract<UserRequest, { command: 'user-create' }>): Answer<Account> {
  const { name, displayName, role } = request;
  const password = { type: 'plain', value: request.password } as const;
  return new Promise(
    (done) => void world.accounts.register({ type: 'operator' }, { name, displayName, password, role }, done),
  );
}

function replyTo<T>(result: Result<T, Refusal>, words: (value: T) => string): AdminReply {
  return result.ok ? { ok: true, lines: [words(result.value)] } : { ok: false, lines: [operatorText(result.error)] };
}

/** The account of this name; a guest has none. */
export function accountOf({ people }: Pick<World, 'people'>, name: string): Account | undefined {
  const found = people.find(name);
  return found && people.account(found.id);
}

function list(accounts: readonly Account[]): string[] {
  const unnamed = accounts.length - MAX_LISTED;
  return [
    accounts.length === 1 ? '1 account' : `${accounts.length} accounts`,
    ...accounts.slice(0, MAX_LISTED).map((account) => `  ${described(account)}`), // SERVER-80
    ...(unnamed > 0 ? [`  and ${unnamed} more`] : []),
  ];
}

function described({ name, displayName, role }: Account): string {
  return `${name}${displayName === name ? '' : ` (${displayName})`}, ${role}`;
}
