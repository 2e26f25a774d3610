import { MAX_TOKENS } from '../../core/model/token.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { World } from '../../core/world.ts';
import { sha256 } from '../../lib/sha256.ts';

/** What the person of one connection came in by, a password or tokens: when it is worth nothing any more, the connection ends. */
export class SessionCredentials {
  /** Where in the person's stream the password stands by which, or under which, the person came in; null for guests. */
  #passwordAt: number | null = null;
  /** What was issued or accepted here and has not ended, by digest, the one that was shown last at the end. Most wires have none. */
  #tokens: Map<string, string> | null = null;

  get passwordPosition(): number | null {
    return this.#passwordAt;
  }

  /** The person came in while the password was the one that stands there, or set it. */
  setPassword(at: number): void {
    this.#passwordAt = at;
  }

  /** A token was issued here, or accepted. So many as a person has at most are kept: of more, the first cannot be good. */
  addToken(secret: string): void {
    const digest = sha256(secret);
    this.#tokens ??= new Map();
    this.#tokens.delete(digest);
    this.#tokens.set(digest, secret);
    const [oldest] = this.#tokens.keys();
    if (oldest !== undefined && this.#tokens.size > MAX_TOKENS) this.#tokens.delete(oldest); // CONN-66
  }

  /** The tokens; they are none of the connection's from now on. */
  takeTokens(): readonly string[] {
    const tokens = [...(this.#tokens?.values() ?? [])];
    this.#tokens = null;
    return tokens;
  }

  /** Those of these tokens that have not ended meanwhile are the connection's, too; false if it has none then though it was given some. */
  restore(secrets: readonly string[], { tokens }: World, person: PersonId): boolean {
    for (const secret of secrets) if (tokens.isValid(person, sha256(secret))) this.addToken(secret);
    return secrets.length === 0 || (this.#tokens?.size ?? 0) > 0; // CONN-73
  }

  /** The token of this digest ended, or the password was changed (null): whether that was the last that the person came in by. */
  revoke(digest: string | null, { accounts }: World, person: PersonId): boolean {
    const own = this.#tokens;
    if (digest !== null) return own?.delete(digest) === true && own.size === 0; // CONN-73
    return this.#passwordAt !== null && !accounts.isPasswordCurrent(person, this.#passwordAt); // CONN-71
  }

  /** Nobody is here any more. */
  clear(): void {
    this.#passwordAt = null;
    this.#tokens = null;
  }
}
