import { err, ok, type Result } from '../../lib/result.ts';
import { decideIssueToken } from '../commands/accounts/issue-token.ts';
import { decideRevokeToken } from '../commands/accounts/revoke-tokens.ts';
import { decideUseToken } from '../commands/accounts/use-token.ts';
import type { Account } from '../model/account.ts';
import { directoryStream, type PersonId, personStream } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import { extended, isExpired, type Token, tokenDigest } from '../model/token.ts';
import { parseName } from '../text/names/parse.ts';
import type { Done, ServiceContext } from './context.ts';

/** Login tokens: each logs its person in until it expires or is ended. Memory and storage hold only its SHA-256 (WORLD-90). */
export class Tokens {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /**
   * Issues a token to an account that logged in with the password set at `passwordPosition`. Refused for guests, for banned
   * names, and if the password was replaced meanwhile.
   */
  issue(person: PersonId, passwordPosition: number, done: Done<string>): void {
    const secret = this.#context.ids.secret(); // WORLD-90
    const command = { type: 'issue-token', person, digest: tokenDigest(secret), passwordPosition } as const; // WORLD-90 WORLD-97
    this.#context.submit(
      [directoryStream, personStream(person)],
      (states, input) => decideIssueToken(states, command, input),
      (result) => done(result.ok ? ok(secret) : result),
    );
  }

  /** The person of a token, null if unknown or expired; the use extends it (WORLD-91). Rejects when storage is unavailable. */
  async owner(secret: string): Promise<PersonId | null> {
    const { storage, clock } = this.#context;
    const digest = tokenDigest(secret);
    const token = await storage.token(digest);
    if (token === null) return null;
    const hasExpired = isExpired(token, clock.now());
    if (!hasExpired && extended(token, clock.now()) === null) return token.person;
    await this.#use(token);
    if (hasExpired) return null; // WORLD-91
    return (await storage.token(digest))?.person ?? null; // WORLD-94
  }

  /** The account of this name, if the token is its own. A wrong name and a wrong token get the same refusal (WORLD-96). */
  async account(name: string, secret: string): Promise<Result<Account, Refusal>> {
    const owner = await this.owner(secret).catch(() => undefined);
    if (owner === undefined) return err({ type: 'unavailable' });
    const account = owner === null ? undefined : this.#context.directory?.people.get(owner);
    const parsed = parseName(name);
    const isOwn = account !== undefined && parsed.ok && parsed.value.skeleton === account.skeleton; // WORLD-96
    return isOwn ? ok(account) : err({ type: 'wrong-credentials' });
  }

  /** Whether a token of a person who is present on this node is valid, as far as this node knows. */
  isValid(person: PersonId, digest: string): boolean {
    return this.#context.person(person)?.tokens.has(digest) === true; // WORLD-96
  }

  /** Makes this node read the newer entries of a person who is present on it, if it does not know a token that storage has. */
  async catchUp(person: PersonId, secret: string): Promise<void> {
    const { engine, storage } = this.#context;
    const stream = personStream(person);
    if (this.#context.person(person) === undefined || this.isValid(person, tokenDigest(secret))) return;
    const [position = 0] = await storage.positions([stream]);
    await engine.remote.untilReached(stream, position); // WORLD-96
  }

  /** Ends a token of the person (WORLD-94); refused as not found if it is not the person's. */
  async revoke(person: PersonId, secret: string, done: Done<PersonId>): Promise<void> {
    const digest = tokenDigest(secret);
    const token = await this.#context.storage.token(digest).catch(() => undefined);
    if (token === undefined) return done(err({ type: 'unavailable' }));
    if (token?.person !== person) return done(err({ type: 'not-found' })); // WORLD-94
    const command = { type: 'revoke-token', person, digest } as const;
    this.#context.submit([personStream(person)], (states, input) => decideRevokeToken(states, command, input), done);
  }

  /** Writes that a token was used. Resolves also if that fails, which changes nothing for the user of the token. */
  #use({ person, digest }: Token): Promise<void> {
    return new Promise((resolve) =>
      this.#context.submit<null>(
        [personStream(person)],
        (states, input) => decideUseToken(states, { type: 'use-token', person, digest }, input),
        () => resolve(),
      ),
    );
  }
}
