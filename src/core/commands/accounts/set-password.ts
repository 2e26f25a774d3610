import { ok } from '../../../lib/result.ts';
import { type Decision, type DecisionInput, refuse } from '../../engine/decide.ts';
import type { PersonEntry } from '../../model/entries.ts';
import type { PersonId } from '../../model/ids.ts';
import type { States } from '../../state/states.ts';
import { revocationOfAll } from './revoke-tokens.ts';

/** Gives an account a new password. The actor knows the password set at `knownPosition`, or needs none (`null`, the operator). */
export type SetPassword = {
  readonly type: 'set-password';
  readonly person: PersonId;
  readonly knownPosition: number | null;
  readonly verifier: string;
};

/** The old verifier is not kept, and all tokens end (WORLD-93). A person without a password has no account (WORLD-54). */
export function decideSetPassword(states: States, command: SetPassword, input: DecisionInput): Decision<number> {
  const { person, knownPosition, verifier } = command;
  const { position, passwordPosition: replaces } = states.person(person);
  if (replaces === null) return refuse({ type: 'not-found' }); // WORLD-54
  if (knownPosition !== null && knownPosition < replaces) return refuse({ type: 'wrong-credentials' }); // WORLD-97
  const at = input.now;
  const entry: PersonEntry = { type: 'password-set', person, verifier, replaces, at };
  const { stream, entries } = revocationOfAll(states.person(person), at);
  return ok({ writes: [{ stream, entries: [entry, ...entries] }], value: position + 1 }); // WORLD-93
}
