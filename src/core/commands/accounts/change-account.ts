import { type Actor, type Decision, type DecisionInput, refuse, unchanged, write } from '../../engine/decide.ts';
import { type Account, isSameAccount, type ProfileChanges, type Role, withProfile } from '../../model/account.ts';
import { directoryStream, type PersonId } from '../../model/ids.ts';
import type { States } from '../../state/states.ts';
import { isNameOfAnother } from '../../state/directory.ts';
import { parseLine } from '../../text/text.ts';

/** Changes what others see of an account; `expected` is the account as the client saw it. */
export type SetProfile = {
  readonly type: 'set-profile';
  readonly person: PersonId;
  readonly changes: ProfileChanges;
  readonly expected?: Account;
};

/** Gives an account another role on the server. */
export type SetRole = {
  readonly type: 'set-role';
  readonly actor: Actor;
  readonly person: PersonId;
  readonly role: Role;
};

const PICTURE = /^[0-9a-f]{64}$/;

/** All changes are made, or none (WORLD-141). Only accounts have a profile to change (WORLD-55). */
export function decideSetProfile(states: States, command: SetProfile, input: DecisionInput): Decision<Account> {
  const { person, changes, expected } = command;
  const { displayName, firstName, lastName, picture } = changes;
  for (const name of [displayName, firstName, lastName]) {
    const line = name == null ? null : parseLine(name);
    if (line?.ok === false) return refuse({ type: 'bad-display-name', problem: line.error }); // WORLD-140
  }
  if (picture != null && !PICTURE.test(picture)) return refuse({ type: 'not-found' }); // WORLD-140
  const account = states.directory.people.get(person);
  if (account === undefined) return refuse({ type: 'guest' }); // WORLD-55 WORLD-140
  if (expected !== undefined && !isSameAccount(account, expected)) return refuse({ type: 'conflict' }); // WORLD-142
  if (displayName !== undefined && isNameOfAnother(states.directory, displayName, person))
    return refuse({ type: 'display-name-taken' }); // WORLD-100
  return change(account, withProfile(account, changes), input); // WORLD-141
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
  if (isSameAccount(before, account)) return unchanged(before);
  return write(directoryStream, { type: 'account-changed', account, at: now }, account);
}
