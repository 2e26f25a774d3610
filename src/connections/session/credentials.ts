import type { PersonId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { MAX_TOKENS, tokenDigest } from '../../core/model/token.ts';
import type { World } from '../../core/world.ts';
import type { Result } from '../../lib/result.ts';

/** Tokens by digest, the latest last. The secret is null where only storage knew the session. */
type OwnTokens = ReadonlyMap<string, string | null>;

/** The password and the tokens that one session rests on. When they are no longer valid, the session ends. */
export class SessionCredentials {
  /** The position in the person's stream at which the password was set; null for guests. */
  #passwordPosition: number | null = null;
  #tokens: Map<string, string | null> | null = null;

  get passwordPosition(): number | null {
    return this.#passwordPosition;
  }

  setPassword(position: number): void {
    this.#passwordPosition = position;
  }

  /** The digest of the token that was issued or accepted last; null without one. */
  get lastToken(): string | null {
    return [...(this.#tokens?.keys() ?? [])].at(-1) ?? null;
  }

  addToken(secret: string): void {
    this.addDigest(tokenDigest(secret), secret);
  }

  /** Keeps as many tokens as a person can have; older ones are not valid any more. */
  addDigest(digest: string, secret: string | null): void {
    this.#tokens ??= new Map();
    this.#tokens.delete(digest);
    this.#tokens.set(digest, secret);
    const [oldest] = this.#tokens.keys();
    if (oldest !== undefined && this.#tokens.size > MAX_TOKENS) this.#tokens.delete(oldest); // CONN-66
  }

  /** Removes and returns the tokens. */
  takeTokens(): OwnTokens {
    const tokens = this.#tokens ?? new Map<string, never>();
    this.#tokens = null;
    return tokens;
  }

  /** Puts back the tokens that are still valid; false if some were given and none is left. */
  restoreTokens(own: OwnTokens, { tokens }: World, person: PersonId): boolean {
    for (const [digest, secret] of own) if (tokens.isValid(person, digest)) this.addDigest(digest, secret);
    return own.size === 0 || (this.#tokens?.size ?? 0) > 0; // CONN-73
  }

  /** A token was revoked (its digest), or the password was changed (null). Returns true if the session must end. */
  revoke(digest: string | null, { accounts }: World, person: PersonId): boolean {
    const own = this.#tokens;
    if (digest !== null) return own?.delete(digest) === true && own.size === 0; // CONN-73
    return this.#passwordPosition !== null && !accounts.isPasswordCurrent(person, this.#passwordPosition); // CONN-71
  }

  clear(): void {
    this.#passwordPosition = null;
    this.#tokens = null;
  }
}

/** The tokens whose secrets are known. */
export function secretsOf(own: OwnTokens): string[] {
  return [...own.values()].filter((secret) => secret !== null);
}

/** Revokes tokens of a person; those that are not valid any more are fine. Null once that is stored, else the refusal. */
export async function revokeTokens(
  { tokens }: World,
  person: PersonId,
  secrets: Iterable<string>,
): Promise<Refusal | null> {
  for (const secret of secrets) {
    const result = await new Promise<Result<unknown, Refusal>>(
      (resolve) => void tokens.revoke(person, secret, resolve),
    );
    if (!result.ok && result.error.type !== 'not-found') return result.error; // CONN-66
  }
  return null;
}
