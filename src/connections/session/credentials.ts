import type { PersonId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { MAX_TOKENS } from '../../core/model/token.ts';
import type { World } from '../../core/world.ts';
import type { Result } from '../../lib/result.ts';
import { sha256 } from '../../lib/sha256.ts';

/** The password or the tokens that one session rests on: when none of them is valid any more, the session ends. */
export class SessionCredentials {
  /** Where the password in force was set, in the person's stream; null for guests. */
  #passwordPosition: number | null = null;
  /** Tokens that were issued or accepted in this session, by digest, the latest last. Most protocols have none. */
  #tokens: Map<string, string> | null = null;

  get passwordPosition(): number | null {
    return this.#passwordPosition;
  }

  setPassword(position: number): void {
    this.#passwordPosition = position;
  }

  /** Keeps as many tokens as a person has at most: of more, the first cannot be valid. */
  addToken(secret: string): void {
    const digest = sha256(secret);
    this.#tokens ??= new Map();
    this.#tokens.delete(digest);
    this.#tokens.set(digest, secret);
    const [oldest] = this.#tokens.keys();
    if (oldest !== undefined && this.#tokens.size > MAX_TOKENS) this.#tokens.delete(oldest); // CONN-66
  }

  /** Takes the tokens out of the session. */
  takeTokens(): readonly string[] {
    const tokens = [...(this.#tokens?.values() ?? [])];
    this.#tokens = null;
    return tokens;
  }

  /** Puts back those tokens that are valid still; false if some were given and none is left. */
  restoreTokens(secrets: readonly string[], { tokens }: World, person: PersonId): boolean {
    for (const secret of secrets) if (tokens.isValid(person, sha256(secret))) this.addToken(secret);
    return secrets.length === 0 || (this.#tokens?.size ?? 0) > 0; // CONN-73
  }

  /** A token was revoked (its digest), or the password was changed (null). Whether the session rests on nothing else. */
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

/** Revokes tokens of a person, those that have ended already included; null once that is on disk, else why it is not. */
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
