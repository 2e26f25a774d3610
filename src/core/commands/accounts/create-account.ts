import { ok } from '../../../lib/result.ts';
import { type Decision, type DecisionInput, refuse, type Write } from '../../engine/decide.ts';
import type { Account } from '../../model/account.ts';
import { directoryStream, personStream } from '../../model/ids.ts';
import { banOn, isFullOf, isNameOfAnother, isTaken } from '../../state/directory.ts';
import type { States } from '../../state/states.ts';
import { joinWrites } from '../join-room.ts';

/** Makes an account; `joins` says whether it becomes a member of the lobby. */
export type CreateAccount = {
  readonly type: 'create-account';
  readonly account: Account;
  readonly verifier: string;
  readonly joins: boolean;
};

/** One append writes the account to the directory, with its password and its membership of the lobby (WORLD-06). */
export function decideCreateAccount(states: States, command: CreateAccount, input: DecisionInput): Decision<Account> {
  const { account, verifier } = command;
  const { skeleton, person, name } = account;
  if (states.directory.people.has(person)) return refuse({ type: 'name-fixed' }); // WORLD-53
  if (isFullOf('accounts', states.directory)) return refuse({ type: 'server-full', what: 'accounts' }); // WORLD-300
  if (isTaken(states.directory, skeleton)) return refuse({ type: 'name-taken' }); // WORLD-10
  if (isNameOfAnother(states.directory, account.displayName, person)) return refuse({ type: 'display-name-taken' }); // WORLD-100
  const ban = banOn(states.directory, skeleton, input.now);
  if (ban !== undefined) return refuse({ type: 'banned', reason: ban.reason }); // WORLD-31
  const at = input.now;
  const password = { type: 'password-set', person, verifier, replaces: null, at } as const;
  const lobby = command.joins ? joinWrites(states.room(input.lobby), { id: person, name }, at) : [];
  const own = lobby.filter(({ stream }) => stream === personStream(person)).flatMap(({ entries }) => entries);
  const writes: Write[] = [
    { stream: directoryStream, entries: [{ type: 'account-created', account, at }] },
    { stream: personStream(person), entries: [password, ...own] },
    ...lobby.filter(({ stream }) => stream !== personStream(person)),
  ];
  return ok({ writes, value: account });
}
