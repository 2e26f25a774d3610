import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, refuse } from '../engine/decide.ts';
import type { PersonEntry } from '../model/entries.ts';
import type { PersonId } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { endOfAll } from './revoke-tokens.ts';

/** Gives an account another password. Who asks knows the one that the entry at `known` set, or may set it without (null). */
export type SetPassword = {
  readonly type: 'set-password';
  readonly person: PersonId;
  readonly known: number | null;
  readonly verifier: string;
};

/** What the old password was checked against is not kept, and all tokens end (WORLD-93); who has no password has no account, and gets none by this (WORLD-54). */
export function decideSetPassword(states: States, command: SetPassword, input: DecisionInput): Decision<number> {
  const { person, known, verifier } = command;
  const { position, passwordPosition: replaces } = states.person(person);
  if (replaces === null) return refuse({ type: 'not-found' }); // WORLD-54
  if (known !== null && known < replaces) return refuse({ type: 'wrong-credentials' }); // WORLD-97
  const at = input.now;
  const entry: PersonEntry = { type: 'password-set', person, verifier, replaces, at };
  const { stream, entries } = endOfAll(states.person(person), at);
  return ok({ writes: [{ stream, entries: [entry, ...entries] }], value: position + 1 }); // WORLD-93
}
