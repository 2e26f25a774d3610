import { ok } from '../../../lib/result.ts';
import { type Decision, type DecisionInput, refuse } from '../../engine/decide.ts';
import { type PersonId, personStream } from '../../model/ids.ts';
import { isExpired, MAX_TOKENS, newToken, type Token } from '../../model/token.ts';
import { banOn } from '../../state/directory.ts';
import type { States } from '../../state/states.ts';
import { revocationOf } from './revoke-tokens.ts';

/**
 * Gives an account a token that was drawn before; the command has only its digest. The person logged in with the password
 * that the entry at `passwordPosition` set.
 */
export type IssueToken = {
  readonly type: 'issue-token';
  readonly person: PersonId;
  readonly digest: string;
  readonly passwordPosition: number;
};

/** The same append ends expired tokens, and the oldest if there are too many. */
export function decideIssueToken(states: States, command: IssueToken, { now }: DecisionInput): Decision<PersonId> {
  const { person, digest, passwordPosition } = command;
  const account = states.directory.people.get(person);
  if (account === undefined) return refuse({ type: 'guest' }); // WORLD-90
  const ban = banOn(states.directory, account.skeleton, now);
  if (ban !== undefined) return refuse({ type: 'banned', reason: ban.reason }); // WORLD-93
  if (passwordPosition < (states.person(person).passwordPosition ?? 0)) return refuse({ type: 'wrong-credentials' }); // WORLD-97
  const all = [...states.person(person).tokens.values()];
  const live = all.filter((token) => !isExpired(token, now)).toSorted((a, b) => a.issuedAt - b.issuedAt);
  const kept = new Set(live.slice(-(MAX_TOKENS - 1)));
  const ended = all.filter((token) => !kept.has(token)); // WORLD-92 WORLD-95
  const issued = { type: 'token-issued', token: newToken(digest, person, now), at: now } as const;
  const whyOf = (token: Token) => (isExpired(token, now) ? 'expired' : 'too-many');
  const entries = [...ended.map((token) => revocationOf(token, whyOf(token), now)), issued];
  return ok({ writes: [{ stream: personStream(person), entries }], value: person });
}
