import { type Actor, type Decision, type DecisionInput, refuse, unchanged, write } from '../engine/decide.ts';
import type { Account, Role } from '../model/account.ts';
import { directoryStream, type PersonId } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { isNameOfAnother } from '../state/directory.ts';
import { parseLine } from '../text/text.ts';

/** Gives an account another display name. */
export type SetDisplayName = {
  readonly type: 'set-display-name';
  readonly person: PersonId;
  readonly displayName: string;
};

/** Gives an account another role on the server. */
export type SetRole = {
  readonly type: 'set-role';
  readonly actor: Actor;
  readonly person: PersonId;
  readonly role: Role;
};

/** Only accounts have a display name (WORLD-55). */
export function decideSetDisplayName(states: States, command: SetDisplayName, input: DecisionInput): Decision<Account> {
  const displayName = parseLine(command.displayName);
  if (!displayName.ok) return refuse({ type: 'bad-display-name', problem: displayName.error });
  const account = states.directory.people.get(command.person);
  if (account === undefined) return refuse({ type: 'guest' }); // WORLD-55
  if (isNameOfAnother(states.directory, displayName.value, command.person))
    return refuse({ type: 'display-name-taken' }); // WORLD-100
  return change(account, { ...account, displayName: displayName.value }, input);
}

/** The operator and owners give roles (WORLD-56). */
export function decideSetRole(states: States, command: SetRole, input: DecisionInput): Decision<Account> {
  const { actor, role } = command;
  if (actor.type === 'person' && actor.role !== 'owner') return refuse({ type: 'not-allowed' }); // WORLD-56
  const account = states.directory.people.get(command.person);
  if (account === undefined) return refuse({ type: 'not-found' }); // WORLD-56
  return change(account, { ...account, role }, input);
}

function change(before: Account, account: Account, { now }: DecisionInput): Decision<Account> {
  if (before.displayName === account.displayName && before.role === account.role) return unchanged(before);
  return write(directoryStream, { type: 'account-changed', account, at: now }, account);
}
