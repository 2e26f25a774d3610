import type { Departure, Person } from '../../core/model/person.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { tokenDigest } from '../../core/model/token.ts';
import type { Password } from '../../core/ports.ts';
import type { SessionRow } from '../../core/model/session.ts';
import type { PresenceSession } from '../../core/presence/local-sessions.ts';
import { parseStatus } from '../../core/text/status.ts';
import type { LoginResult } from '../../core/world.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isLoopback } from '../../transports/address.ts';
import type { Link } from '../../transports/link.ts';
import { attemptPassword, RateGuard } from '../limits/rate-guard.ts';
import type { ConnectionServices } from '../services.ts';
import type { ConnectionControl, Login } from './connection-control.ts';
import { revokeTokens, secretsOf } from './credentials.ts';
import { resumeSession } from './resume-session.ts';
import { SessionCommands } from './session-commands.ts';
import type { Done, LoginOptions, SessionApi, SubscriptionOptions } from './session-api.ts';

const TOKEN_REVOKED = 'the token has ended';

/** The person, credentials and presence session of one login. Offers the session API within limits. */
export class ClientSession extends SessionCommands implements SessionApi, Login {
  person: Person | null = null;
  presenceSession: PresenceSession | null = null;
  /** The digest of the secret that names the session; null if it has no name. */
  digest: string | null = null;
  readonly eventId: () => string;
  protected readonly services: ConnectionServices;
  protected control: ConnectionControl;
  protected rates: RateGuard;
  #client: Pick<Link, 'address' | 'secure'>;

  constructor(control: ConnectionControl, services: ConnectionServices, client: Pick<Link, 'address' | 'secure'>) {
    super();
    this.services = services;
    this.eventId = services.eventId;
    this.control = control;
    this.#client = client;
    this.rates = new RateGuard(services.limits, services.throttle, client.address);
  }

  /** Another connection carries the session, or it waits for one. */
  attach(control: ConnectionControl, client: Pick<Link, 'address' | 'secure'>): void {
    this.control = control;
    this.#client = client;
    this.rates = new RateGuard(this.services.limits, this.services.throttle, client.address);
    this.onLaterConnection();
  }

  /** No connection carries the session any more, for now. */
  release(): void {
    this.control.release();
  }

  /** This session is one that only storage knew. */
  restore({ digest, passwordPosition, token }: SessionRow, person: Person): void {
    this.person = person;
    this.credentials.setPassword(passwordPosition);
    if (token !== undefined) this.credentials.addDigest(token, null); // CONN-155
    this.onLaterConnection();
    this.services.sessions.restored(digest, this.control.sessions.carried);
  }

  get passwordPosition(): number | null {
    return this.credentials.passwordPosition;
  }

  get token(): string | null {
    return this.credentials.lastToken;
  }

  get secure(): boolean {
    return this.#client.secure || isLoopback(this.#client.address); // CONN-36
  }

  enter(name: string, options: LoginOptions, done: Done<Person>): void {
    this.#logIn(options, done, (presence, entered) => this.world.enter(name, entered, presence));
  }

  login(name: string, password: Password, options: LoginOptions, done: Done<Person>): void {
    this.#logIn(options, done, (presence, entered) => {
      const checked: Done<LoginResult> = (result) => entered(this.#withPassword(result));
      attemptPassword(this.rates, name, checked, (done) => this.world.login(name, password, done, presence));
    });
  }

  resume(name: string, token: string, options: LoginOptions, done: Done<Person>): void {
    const { person } = this;
    if (person !== null) return this.#addToken(person, name, token, done);
    this.#logIn(options, done, (presence, entered) => {
      const checked: Done<LoginResult> = (result) => {
        if (result.ok) this.credentials.addToken(token);
        entered(this.#withPassword(result));
      };
      this.world.resume(name, token, checked, presence);
    });
  }

  issueToken(done: Done<string>): void {
    const isNamed = this.digest !== null;
    const allowed = this.allowed(isNamed ? 'renames' : null); // CONN-156
    if (!allowed.ok) return done(allowed);
    const person = allowed.value;
    const answer = this.holdUntil(done);
    const position = this.credentials.passwordPosition ?? this.world.accounts.passwordPosition(person.id) ?? 0;
    this.world.tokens.issue(person.id, position, (result) => {
      if (!result.ok) return answer(result);
      if (isNamed) this.credentials.takeTokens(); // CONN-155
      this.credentials.addToken(result.value);
      this.keepCredentials(() => answer(result));
    });
  }

  signOut(done: Done<void>, tokens?: readonly string[]): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const answer = this.holdUntil(done);
    const own = this.credentials.takeTokens();
    void this.#endCredentials(person, tokens ?? secretsOf(own)).then((refusal) => {
      if (refusal === null) return this.#logOut(() => answer(ok(undefined)));
      const isValid = this.credentials.restoreTokens(own, this.world, person.id);
      answer(err(refusal));
      if (!isValid) this.control.end('removed', TOKEN_REVOKED); // CONN-73
    });
  }

  subscribe(options: SubscriptionOptions): void {
    this.control.subscribe(options);
  }

  nameSession(done: (secret: string) => void): void {
    const release = this.control.hold();
    this.services.sessions.open(this.control.sessions.carried, (secret) => release(() => done(secret))); // CONN-120
  }

  reconnect(secret: string, done: Done<Person>): void {
    if (this.person !== null) return done(err({ type: 'not-allowed' })); // CONN-38
    const attempt = this.rates.reconnect();
    if (!attempt.ok) return done(attempt); // CONN-138
    const answer = this.holdUntil(done);
    void resumeSession(this.services, this.control, secret, (result) => {
      attempt.value(result);
      answer(result);
    });
  }

  keepDocuments(documents: readonly string[], done: () => void): void {
    const { digest, person } = this;
    const isKept = digest !== null && person !== null && this.passwordPosition !== null; // CONN-134
    if (!isKept || documents.length === 0) return done();
    this.services.sessions.store.subscribe(digest, person.id, documents).then(done, done); // CONN-139
  }

  dropDocuments(documents: readonly string[]): void {
    if (this.digest !== null && this.passwordPosition !== null)
      void this.services.sessions.store.unsubscribe(this.digest, documents);
  }

  leave(): void {
    this.control.leave();
  }

  mayPing(): boolean {
    this.control.pinged();
    return this.rates.mayPing();
  }

  /** The person leaves the world, if one is logged in. Calls `ended` when everything before that is published. */
  end(departure: Departure, ended?: () => void): void {
    this.endLogin(departure.type !== 'stopped');
    if (this.person !== null && this.presenceSession !== null)
      this.world.leave(this.person.id, departure, this.presenceSession, ended);
  }

  forget(): void {
    const { person, presenceSession } = this;
    this.endLogin(false);
    if (person !== null && presenceSession !== null) this.world.leave(person.id, { type: 'lost' }, presenceSession);
  }

  /** Ends what belongs to the login: its name and its watches. Only `forGood` storage forgets the session, too. */
  endLogin(forGood: boolean): void {
    this.endWatches(); // CONN-126
    if (this.digest !== null) this.services.sessions.close(this.digest, forGood); // CONN-121
    this.digest = null;
    if (this.control.sessions.carried.isWaiting) this.control.release();
  }

  /** A token (its digest) or the password (null) is no longer valid: ends the connection if its login needs that one. */
  credentialsRevoked(digest: string | null): void {
    if (this.person === null || !this.credentials.revoke(digest, this.world, this.person.id)) return;
    this.control.end('removed', digest === null ? 'the password was changed' : TOKEN_REVOKED); // CONN-71 CONN-73
  }

  protected get subscriptions(): ConnectionControl['subscriptions'] {
    return this.control.subscriptions;
  }

  /** Holds back later requests until the returned function is called, which calls `done` and takes the next request. */
  protected holdUntil<T>(done: Done<T>): Done<T> {
    const release = this.control.hold();
    return (result) => release(() => done(result));
  }

  /** Sets the person before the lobby is joined, so that a kick or ban during the join ends this connection too (CONN-16). */
  #logIn(
    { acceptsDirect, status, lobby }: LoginOptions,
    done: Done<Person>,
    enter: (presence: PresenceSession, entered: Done<Person>) => void,
  ): void {
    if (this.person !== null) return done(err({ type: 'not-allowed' })); // CONN-38
    const wanted = status === null ? ok(null) : parseStatus(status);
    if (!wanted.ok) return done(err({ type: 'bad-status', problem: wanted.error }));
    const presence = { acceptsDirect, status: wanted.value };
    const answer = this.holdUntil(done);
    enter(presence, (result) => {
      if (this.control.isClosed) {
        if (result.ok) this.world.leave(result.value.id, { type: 'lost' }, presence);
        return;
      }
      if (!result.ok) return answer(result);
      this.person = result.value;
      this.presenceSession = presence;
      this.control.loggedIn(result.value); // CONN-16
      if (!lobby || this.world.rooms.isIn(result.value.id, this.world.lobby)) return answer(result); // CONN-48
      this.world.rooms.join(result.value.id, this.world.lobby, (joined) => {
        if (joined.ok) answer(result);
        else this.#logOut(() => answer(joined));
      });
    });
  }

  #withPassword(result: Result<LoginResult, Refusal>): Result<Person, Refusal> {
    if (!result.ok) return result;
    const { passwordPosition, ...person } = result.value;
    this.credentials.setPassword(passwordPosition);
    return ok(person);
  }

  /** Accepts one more token of the person who is logged in. */
  #addToken(person: Person, name: string, token: string, done: Done<Person>): void {
    const answer = this.holdUntil(done);
    void this.world.tokens.account(name, token).then((account) => {
      if (!account.ok) return answer(account);
      if (account.value.person !== person.id) return answer(err({ type: 'not-allowed' })); // CONN-38
      this.credentials.restoreTokens(new Map([[tokenDigest(token), token]]), this.world, person.id); // CONN-73
      answer(ok(person));
    });
  }

  /** The tokens and the name of the session are worth nothing from now on: null once that is on disk, else the refusal. */
  async #endCredentials({ id }: Person, tokens: readonly string[]): Promise<Refusal | null> {
    const refusal = await revokeTokens(this.world, id, tokens);
    if (refusal !== null) return refusal;
    return (await this.services.sessions.end(this.control.sessions.carried)) ? null : { type: 'unavailable' }; // CONN-66
  }

  /** The person leaves once earlier requests are answered; then the connection can take a new login. */
  #logOut(then: () => void): void {
    const { person } = this;
    this.control.whenAnswered(() =>
      this.end({ type: 'left' }, () => {
        if (person === null || !this.control.loggedOut(person)) return;
        this.person = null;
        this.presenceSession = null;
        this.credentials.clear();
        then();
      }),
    );
  }
}
