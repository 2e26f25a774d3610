import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, unchanged } from '../engine/decide.ts';
import type { PersonEntry } from '../model/entries.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { extended, isExpired } from '../model/token.ts';
import { endOf } from './revoke-tokens.ts';

/** Somebody shows a token. */
export type UseToken = { readonly type: 'use-token'; readonly person: PersonId; readonly digest: string };

/** It lasts longer from now on. What has expired, be it that one or another, is ended for good, so that no clock revives it. */
export function decideUseToken(states: States, { person, digest }: UseToken, { now }: DecisionInput): Decision<null> {
  const { tokens } = states.person(person);
  const entries: PersonEntry[] = [...tokens.values()]
    .filter((token) => isExpired(token, now)) // WORLD-95
    .map((token) => endOf(token, 'expired', now));
  const token = tokens.get(digest);
  const longer = token === undefined || isExpired(token, now) ? null : extended(token, now);
  if (longer !== null) entries.push({ type: 'token-issued', token: longer, at: now }); // WORLD-91
  return entries.length === 0
    ? unchanged(null)
    : ok({ writes: [{ stream: personStream(person), entries }], value: null });
}
