import { ok } from '../../lib/result.ts';
import { type Context, refuse } from '../decide.ts';
import type { PersonEntry } from '../entries.ts';
import type { PersonId } from '../ids.ts';
import type { Decision } from '../work.ts';
import type { States } from '../states.ts';
import { endOfAll } from './revoke-tokens.ts';

/** Gives an account another password. Who asks knows the one that the entry at `known` set, or may set it without (null). */
export type SetPassword = {
  readonly type: 'set-password';
  readonly person: PersonId;
  readonly known: number | null;
  readonly verifier: string;
};

/** What the old password was checked against is not kept, and all tokens end (WORLD-93); who has no password has no account, and gets none by this (WORLD-54). */
export function decideSetPassword(states: States, command: SetPassword, context: Context): Decision<number> {
  const { person, known, verifier } = command;
  const { position, passwordAt: replaces } = states.person(person);
  if (replaces === null) return refuse({ type: 'not-found' }); // WORLD-54
  if (known !== null && known < replaces) return refuse({ type: 'wrong-credentials' }); // WORLD-97
  const at = context.now;
  const entry: PersonEntry = { type: 'password-set', person, verifier, replaces, at };
  const { stream, entries } = endOfAll(states.person(person), at);
  return ok({ writes: [{ stream, entries: [entry, ...entries] }], value: position + 1 }); // WORLD-93
}
