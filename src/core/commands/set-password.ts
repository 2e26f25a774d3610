import { type Context, refuse, write } from '../decide.ts';
import { type PersonId, personStream } from '../ids.ts';
import type { Decision } from '../work.ts';
import type { States } from '../states.ts';

/** Gives an account another password; who asks has proved that they may. */
export type SetPassword = { readonly type: 'set-password'; readonly person: PersonId; readonly verifier: string };

/** What the old password was checked against is not kept; who has no password has no account, and gets none by this (WORLD-54). */
export function decideSetPassword(states: States, command: SetPassword, context: Context): Decision<PersonId> {
  const { person, verifier } = command;
  const replaces = states.person(person).passwordAt;
  if (replaces === null) return refuse({ type: 'not-found' }); // WORLD-54
  return write(personStream(person), { type: 'password-set', person, verifier, replaces, at: context.now }, person);
}
