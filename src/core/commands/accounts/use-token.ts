import { ok } from '../../../lib/result.ts';
import { type Decision, type DecisionInput, unchanged } from '../../engine/decide.ts';
import type { PersonEntry } from '../../model/entries.ts';
import { type PersonId, personStream } from '../../model/ids.ts';
import { extended, isExpired } from '../../model/token.ts';
import type { States } from '../../state/states.ts';
import { revocationOf } from './revoke-tokens.ts';

/** Notes that a token of the person was used. */
export type UseToken = { readonly type: 'use-token'; readonly person: PersonId; readonly digest: string };

/** Extends the token. All expired tokens of the person are ended for good, so that no clock revives them. */
export function decideUseToken(states: States, { person, digest }: UseToken, { now }: DecisionInput): Decision<null> {
  const { tokens } = states.person(person);
  const entries: PersonEntry[] = [...tokens.values()]
    .filter((token) => isExpired(token, now)) // WORLD-95
    .map((token) => revocationOf(token, 'expired', now));
  const token = tokens.get(digest);
  const longer = token === undefined || isExpired(token, now) ? null : extended(token, now);
  if (longer !== null) entries.push({ type: 'token-issued', token: longer, at: now }); // WORLD-91
  return entries.length === 0
    ? unchanged(null)
    : ok({ writes: [{ stream: personStream(person), entries }], value: null });
}
