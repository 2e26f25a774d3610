import { ok } from '../../lib/result.ts';
import { type Context, refuse } from '../decide.ts';
import type { PersonEntry } from '../entries.ts';
import type { PersonId } from '../ids.ts';
import type { Decision } from '../work.ts';
import type { States } from '../states.ts';
import { endOfAll } from './revoke-tokens.ts';

/** Gives an account another password; who asks has proved that they may. */
export type SetPassword = { readonly type: 'set-password'; readonly person: PersonId; readonly verifier: string };

/** What the old password was checked against is not kept, and all tokens end (WORLD-93); who has no password has no account, and gets none by this (WORLD-54). */
export function decideSetPassword(states: States, command: SetPassword, context: Context): Decision<PersonId> {
  const { person, verifier } = command;
  const replaces = states.person(person).passwordAt;
  if (replaces === null) return refuse({ type: 'not-found' }); // WORLD-54
  const at = context.now;
  const entry: PersonEntry = { type: 'password-set', person, verifier, replaces, at };
  const { stream, entries } = endOfAll(states.person(person), at);
  return ok({ writes: [{ stream, entries: [entry, ...entries] }], value: person }); // WORLD-93
}
