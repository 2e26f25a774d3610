import { ok } from '../../lib/result.ts';
import { type Context, refuse } from '../decide.ts';
import { banOn } from '../directory.ts';
import { type PersonId, personStream } from '../ids.ts';
import type { States } from '../states.ts';
import { isExpired, MAX_TOKENS, newToken, type Token } from '../token.ts';
import type { Decision } from '../work.ts';
import { endOf } from './revoke-tokens.ts';

/**
 * Gives an account a token. It was drawn before; here is only its digest. Who asks has shown the password that the entry at
 * `passwordAt` set.
 */
export type IssueToken = {
  readonly type: 'issue-token';
  readonly person: PersonId;
  readonly digest: string;
  readonly passwordAt: number;
};

/** What has expired is ended with the same append, and so are the oldest of those that are too many. */
export function decideIssueToken(states: States, command: IssueToken, { now }: Context): Decision<PersonId> {
  const { person, digest, passwordAt } = command;
  const account = states.directory.people.get(person);
  if (account === undefined) return refuse({ type: 'guest' }); // WORLD-90
  const ban = banOn(states.directory, account.skeleton, now);
  if (ban !== undefined) return refuse({ type: 'banned', reason: ban.reason }); // WORLD-93
  if (passwordAt < (states.person(person).passwordAt ?? 0)) return refuse({ type: 'wrong-credentials' }); // WORLD-97
  const all = [...states.person(person).tokens.values()];
  const live = all.filter((token) => !isExpired(token, now)).toSorted((a, b) => a.issuedAt - b.issuedAt);
  const kept = new Set(live.slice(-(MAX_TOKENS - 1)));
  const ended = all.filter((token) => !kept.has(token)); // WORLD-92 WORLD-95
  const issued = { type: 'token-issued', token: newToken(digest, person, now), at: now } as const;
  const whyOf = (token: Token) => (isExpired(token, now) ? 'expired' : 'too-many');
  const entries = [...ended.map((token) => endOf(token, whyOf(token), now)), issued];
  return ok({ writes: [{ stream: personStream(person), entries }], value: person });
}
