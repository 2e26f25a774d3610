import type { PersonId } from './ids.ts';

/** What is kept of a login token: its SHA-256 as hex digits, never the token itself. Times are milliseconds since 1970. */
export type Token = {
  readonly digest: string;
  readonly person: PersonId;
  readonly issuedAt: number;
  readonly expires: number;
};

/** Why a token ended before all of its person did: somebody asked for it, its time was over, or there were too many. */
export type TokenEnd = 'asked' | 'expired' | 'too-many';

/** So many tokens a person has at most. */
export const MAX_TOKENS = 100;

const DAY_MS = 24 * 60 * 60 * 1_000;
const IDLE_MS = 14 * DAY_MS;
const LIFE_MS = 90 * DAY_MS;

export function newToken(digest: string, person: PersonId, now: number): Token {
  return { digest, person, issuedAt: now, expires: now + IDLE_MS };
}

export function isExpired({ expires }: Token, now: number): boolean {
  return expires <= now; // WORLD-91
}

/** The token as using it now makes it; null if it was extended within the last day, or is 90 days old when it expires. */
export function extended(token: Token, now: number): Token | null {
  const lastExtended = token.expires - IDLE_MS;
  if (now - lastExtended <= DAY_MS) return null; // WORLD-91
  const expires = Math.min(now + IDLE_MS, token.issuedAt + LIFE_MS);
  return expires > token.expires ? { ...token, expires } : null; // WORLD-91
}
