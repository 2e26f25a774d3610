import { err, ok, type Result } from '../lib/result.ts';
import { sha256 } from '../lib/sha256.ts';
import type { Account } from './account.ts';
import { decideIssueToken } from './commands/issue-token.ts';
import { decideRevokeToken } from './commands/revoke-tokens.ts';
import { decideUseToken } from './commands/use-token.ts';
import type { Doors, Done } from './doors.ts';
import { directoryStream, type PersonId, personStream } from './ids.ts';
import { parseName } from './names/parse.ts';
import type { Refusal } from './refusals.ts';
import { extended, isExpired, type Token } from './token.ts';

/**
 * Login tokens: who shows one is the person it was issued to, until it expires or is ended. What is told to the person is
 * kept nowhere; here and in storage is only its SHA-256 (WORLD-90).
 */
export class Tokens {
  readonly #doors: Doors;

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  /** A new token for an account whose password, as the entry at `passwordAt` set it, was shown; refused for guests, where the name is banned, and where the password is another one by now. */
  issue(person: PersonId, passwordAt: number, done: Done<string>): void {
    const secret = this.#doors.ids.secret(); // WORLD-90
    const command = { type: 'issue-token', person, digest: sha256(secret), passwordAt } as const; // WORLD-90 WORLD-97
    this.#doors.submit(
      [directoryStream, personStream(person)],
      (states, context) => decideIssueToken(states, command, context),
      (result) => {
        this.#doors.letGo(person);
        done(result.ok ? ok(secret) : result);
      },
    );
  }

  /** Whose token this is, null where it is nobody's or has expired; using it makes it last longer (WORLD-91). Rejects when storage is unavailable. */
  async owner(secret: string): Promise<PersonId | null> {
    const { storage, clock } = this.#doors;
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
    const account = owner === null ? undefined : this.#doors.ledger.committed.directory.people.get(owner);
    const parsed = parseName(name);
    const isIt = account !== undefined && parsed.ok && parsed.value.skeleton === account.skeleton; // WORLD-96
    return isIt ? ok(account) : err({ type: 'wrong-credentials' });
  }

  /** Whether a token of somebody who is here, by its digest, has not ended as far as this node knows. */
  stands(person: PersonId, digest: string): boolean {
    const { committed } = this.#doors.ledger;
    return committed.has(personStream(person)) && committed.person(person).tokens.has(digest); // WORLD-96
  }

  /** Has this node read what others wrote of somebody who is here, where it does not know a token that storage knows. */
  async catchUp(person: PersonId, secret: string): Promise<void> {
    const { ledger, storage } = this.#doors;
    const stream = personStream(person);
    if (!ledger.committed.has(stream) || this.stands(person, sha256(secret))) return;
    const [head = 0] = await storage.heads([stream]);
    ledger.hear(stream, head); // WORLD-96
  }

  /** Ends a token of the person (WORLD-94); what is not the person's token is not found. */
  async revoke(person: PersonId, secret: string, done: Done<PersonId>): Promise<void> {
    const digest = sha256(secret);
    const token = await this.#doors.storage.token(digest).catch(() => undefined);
    if (token === undefined) return done(err({ type: 'unavailable' }));
    if (token?.person !== person) return done(err({ type: 'not-found' })); // WORLD-94
    const command = { type: 'revoke-token', person, digest } as const;
    this.#doors.submit(
      [personStream(person)],
      (states, context) => decideRevokeToken(states, command, context),
      (result) => {
        this.#doors.letGo(person);
        done(result);
      },
    );
  }

  /** Writes what using the token means; whether that could be written changes nothing for who uses it. */
  #use({ person, digest }: Token): Promise<void> {
    return new Promise((resolve) =>
      this.#doors.submit<null>(
        [personStream(person)],
        (states, context) => decideUseToken(states, { type: 'use-token', person, digest }, context),
        () => {
          this.#doors.letGo(person);
          resolve();
        },
      ),
    );
  }
}
