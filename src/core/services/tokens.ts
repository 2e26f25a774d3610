import { err, ok, type Result } from '../../lib/result.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { Account } from '../model/account.ts';
import { decideIssueToken } from '../commands/issue-token.ts';
import { decideRevokeToken } from '../commands/revoke-tokens.ts';
import { decideUseToken } from '../commands/use-token.ts';
import type { ServiceContext, Done } from './context.ts';
import { directoryStream, type PersonId, personStream } from '../model/ids.ts';
import { parseName } from '../text/names/parse.ts';
import type { Refusal } from '../model/refusals.ts';
import { extended, isExpired, type Token } from '../model/token.ts';

/**
 * Login tokens: who shows one is the person it was issued to, until it expires or is ended. What is told to the person is
 * kept nowhere; here and in storage is only its SHA-256 (WORLD-90).
 */
export class Tokens {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** A new token for an account whose password, as the entry at `passwordAt` set it, was shown; refused for guests, where the name is banned, and where the password is another one by now. */
  issue(person: PersonId, passwordPosition: number, done: Done<string>): void {
    const secret = this.#context.ids.secret(); // WORLD-90
    const command = { type: 'issue-token', person, digest: sha256(secret), passwordPosition } as const; // WORLD-90 WORLD-97
    this.#context.submit(
      [directoryStream, personStream(person)],
      (states, input) => decideIssueToken(states, command, input),
      (result) => done(result.ok ? ok(secret) : result),
    );
  }

  /** Whose token this is, null where it is nobody's or has expired; using it makes it last longer (WORLD-91). Rejects when storage is unavailable. */
  async owner(secret: string): Promise<PersonId | null> {
    const { storage, clock } = this.#context;
    const digest = sha256(secret);
    const token = await storage.token(digest);
    if (token === null) return null;
    const isOver = isExpired(token, clock.now());
    if (!isOver && extended(token, clock.now()) === null) return token.person;
    await this.#use(token);
    if (isOver) return null; // WORLD-91
    return (await storage.token(digest))?.person ?? null; // WORLD-94
  }

  /** The account of this name, if the token is its own; the same words for a wrong name and a wrong token (WORLD-96). */
  async account(name: string, secret: string): Promise<Result<Account, Refusal>> {
    const owner = await this.owner(secret).catch(() => undefined);
    if (owner === undefined) return err({ type: 'unavailable' });
    const account = owner === null ? undefined : this.#context.directory?.people.get(owner);
    const parsed = parseName(name);
    const isIt = account !== undefined && parsed.ok && parsed.value.skeleton === account.skeleton; // WORLD-96
    return isIt ? ok(account) : err({ type: 'wrong-credentials' });
  }

  /** Whether a token of somebody who is here, by its digest, has not ended as far as this node knows. */
  isValid(person: PersonId, digest: string): boolean {
    return this.#context.person(person)?.tokens.has(digest) === true; // WORLD-96
  }

  /** Has this node read what others wrote of somebody who is here, where it does not know a token that storage knows. */
  async catchUp(person: PersonId, secret: string): Promise<void> {
    const { processor, storage } = this.#context;
    const stream = personStream(person);
    if (this.#context.person(person) === undefined || this.isValid(person, sha256(secret))) return;
    const [position = 0] = await storage.positions([stream]);
    processor.observePosition(stream, position); // WORLD-96
  }

  /** Ends a token of the person (WORLD-94); what is not the person's token is not found. */
  async revoke(person: PersonId, secret: string, done: Done<PersonId>): Promise<void> {
    const digest = sha256(secret);
    const token = await this.#context.storage.token(digest).catch(() => undefined);
    if (token === undefined) return done(err({ type: 'unavailable' }));
    if (token?.person !== person) return done(err({ type: 'not-found' })); // WORLD-94
    const command = { type: 'revoke-token', person, digest } as const;
    this.#context.submit([personStream(person)], (states, input) => decideRevokeToken(states, command, input), done);
  }

  /** Writes what using the token means; whether that could be written changes nothing for who uses it. */
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
