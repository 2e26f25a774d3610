import { ok } from '../../../lib/result.ts';
import type { Decision, DecisionInput, Write } from '../../engine/decide.ts';
import type { PersonEntry } from '../../model/entries.ts';
import { type PersonId, personStream } from '../../model/ids.ts';
import type { Token, TokenEnd } from '../../model/token.ts';
import type { PersonState } from '../../state/person.ts';
import type { States } from '../../state/states.ts';

/** Ends one token of a person. */
export type RevokeToken = { readonly type: 'revoke-token'; readonly person: PersonId; readonly digest: string };

/** Ends all tokens of a person. */
export type RevokeTokens = { readonly type: 'revoke-tokens'; readonly person: PersonId };

/** Without such a token it writes no entry but still checks whether another node wrote one meanwhile (WORLD-94). */
export function decideRevokeToken(states: States, command: RevokeToken, { now }: DecisionInput): Decision<PersonId> {
  const { person, digest } = command;
  const token = states.person(person).tokens.get(digest);
  const entries = token === undefined ? [] : [revocationOf(token, 'asked', now)];
  return ok({ writes: [{ stream: personStream(person), entries }], value: person }); // WORLD-94
}

export function decideRevokeTokens(
  states: States,
  { person }: RevokeTokens,
  { now }: DecisionInput,
): Decision<PersonId> {
  return ok({ writes: [revocationOfAll(states.person(person), now)], value: person });
}

/**
 * Ends all tokens of a person, in the append of the cause. Without tokens it writes no entry but still checks whether another
 * node wrote one meanwhile (WORLD-93).
 */
export function revocationOfAll({ id, tokens }: PersonState, at: number): Write {
  return { stream: personStream(id), entries: tokens.size > 0 ? [{ type: 'tokens-revoked', person: id, at }] : [] };
}

export function revocationOf({ person, digest }: Token, why: TokenEnd, at: number): PersonEntry {
  return { type: 'token-revoked', person, digest, why, at };
}
