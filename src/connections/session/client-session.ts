import type { RoomId } from '../../core/model/ids.ts';
import type { Departure, Person } from '../../core/model/person.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Password } from '../../core/ports.ts';
import type { PresenceSession } from '../../core/presence/local-sessions.ts';
import type { PostResult } from '../../core/services/messages.ts';
import { parseStatus } from '../../core/text/status.ts';
import type { LoginResult } from '../../core/world.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isLoopback } from '../../transports/address.ts';
import type { Link } from '../../transports/link.ts';
import { attemptPassword, type Budget, RateGuard } from '../limits/rate-guard.ts';
import type { ConnectionServices } from '../services.ts';
import type { ConnectionControl } from './connection-control.ts';
import { revokeTokens, SessionCredentials } from './credentials.ts';
import { budgetOf, dispatchMessage, dispatchSetting } from './dispatch.ts';
import { budgetOfId, type IdCommand, type IdResult, runIdCommand } from './id-commands.ts';
import { SessionLookups } from './session-lookups.ts';
import type {
  Done,
  LoginOptions,
  MessageCommand,
  SessionApi,
  SettingsCommand,
  SubscriptionOptions,
} from './session-api.ts';

type PasswordChange = Extract<SettingsCommand, { type: 'password' }>;

const TOKEN_REVOKED = 'the token has ended';

/** The person, credentials and presence session of a connection's current login. Offers the session API within limits. */
export class ClientSession extends SessionLookups implements SessionApi {
  person: Person | null = null;
  presenceSession: PresenceSession | null = null;
  readonly eventId: () => string;
  readonly #control: ConnectionControl;
  protected readonly services: ConnectionServices;
  readonly #client: Pick<Link, 'address' | 'secure'>;
  readonly #rates: RateGuard;
  readonly #credentials = new SessionCredentials();
  #secret: string | null = null;

  constructor(control: ConnectionControl, services: ConnectionServices, client: Pick<Link, 'address' | 'secure'>) {
    super();
    this.#control = control;
    this.services = services;
    this.eventId = services.eventId;
    this.#client = client;
    this.#rates = new RateGuard(services.limits, services.throttle, client.address);
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
      attemptPassword(this.#rates, name, checked, (done) => this.world.login(name, password, done, presence));
    });
  }

  resume(name: string, token: string, options: LoginOptions, done: Done<Person>): void {
    const { person } = this;
    if (person !== null) return this.#addToken(person, name, token, done);
    this.#logIn(options, done, (presence, entered) => {
      const checked: Done<LoginResult> = (result) => {
        if (result.ok) this.#credentials.addToken(token);
        entered(this.#withPassword(result));
      };
      this.world.resume(name, token, checked, presence);
    });
  }

  issueToken(done: Done<string>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const answer = this.holdUntil(done);
    const position = this.#credentials.passwordPosition ?? this.world.accounts.passwordPosition(person.id) ?? 0;
    this.world.tokens.issue(person.id, position, (result) => {
      if (result.ok) this.#credentials.addToken(result.value);
      answer(result);
    });
  }

  signOut(done: Done<void>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const answer = this.holdUntil(done);
    const tokens = this.#credentials.takeTokens();
    void revokeTokens(this.world, person.id, tokens).then((refusal) => {
      if (refusal === null) return this.#logOut(() => answer(ok(undefined)));
      const isValid = this.#credentials.restoreTokens(tokens, this.world, person.id);
      answer(err(refusal));
      if (!isValid) this.#control.end('removed', TOKEN_REVOKED); // CONN-73
    });
  }

  register(name: string, displayName: string | null, password: Password, done: Done<Person>): void {
    const attempt = this.#rates.register();
    if (!attempt.ok) return done(attempt);
    const answer = this.holdUntil(done);
    const actor = this.person === null ? null : (this.world.actor(this.person.id) ?? null);
    const wanted = { name, displayName, password, role: 'user' } as const;
    void this.world.accounts.register(actor, wanted, (result) => {
      attempt.value(result);
      const registered = result.ok ? ok({ id: result.value.person, name: result.value.name }) : result;
      if (registered.ok && registered.value.id === this.person?.id)
        this.#credentials.setPassword(this.world.accounts.passwordPosition(registered.value.id) ?? 0); // CONN-71
      answer(this.#renamed(registered));
    });
  }

  rename(name: string, done: Done<Person>): void {
    const person = this.#allowed('renames');
    if (!person.ok) return done(person);
    const answer = this.holdUntil(done);
    this.world.rename(person.value.id, name, (result) => answer(this.#renamed(result)));
  }

  send(command: MessageCommand, done: Done<PostResult>): void {
    const allowed = this.#allowed('messages');
    if (!allowed.ok) return done(allowed);
    const hold = () => this.#control.hold();
    dispatchMessage(this.world, allowed.value.id, command, hold, (result) => {
      if (result.ok) this.#control.sent(result.value.message);
      done(result);
    });
  }

  changeSettings(command: SettingsCommand, done: Done<void>): void {
    const allowed = this.#allowed(budgetOf(command));
    if (!allowed.ok) return done(allowed);
    const release = this.#control.hold();
    const answer = (result: Result<unknown, Refusal>) => release(() => done(result.ok ? ok(undefined) : result));
    if (command.type === 'password') this.#changePassword(allowed.value, command, answer);
    else dispatchSetting(this.world, allowed.value.id, command, answer);
  }

  command(command: IdCommand, done: Done<IdResult>): void {
    const allowed = this.#allowed(budgetOfId(command));
    if (!allowed.ok) return done(allowed);
    const isFast = command.type === 'post' && command.post.replyTo === undefined;
    const answer = isFast ? done : this.holdUntil(done);
    runIdCommand(this.world, allowed.value.id, command, (result) => {
      if (result.ok && command.type === 'read-room')
        this.services.markers.advance(allowed.value.id, command.room, command.number); // CONN-77
      queueMicrotask(() => answer(result)); // CONN-124
    });
  }

  deleteAccount(password: Password, done: Done<void>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const answer = this.holdUntil(done);
    const deleted: Done<unknown> = (result) => answer(result.ok ? ok(undefined) : result);
    const { deletions } = this.world;
    attemptPassword(this.#rates, person.name, deleted, (done) => void deletions.deleteOwn(person.id, password, done));
  }

  subscribe(options: SubscriptionOptions): void {
    this.#control.subscribe(options);
  }

  sessionSecret(): string | null {
    if (this.person === null) return null;
    return (this.#secret ??= this.services.sessions.open(this.person.id)); // CONN-120
  }

  leave(): void {
    this.#control.leave();
  }

  mayPing(): boolean {
    this.#control.pinged();
    return this.#rates.mayPing();
  }

  /** The person leaves the world, if one is logged in. Calls `ended` when everything before that is published. */
  end(departure: Departure, ended?: () => void): void {
    this.endLogin();
    if (this.person !== null && this.presenceSession !== null)
      this.world.leave(this.person.id, departure, this.presenceSession, ended);
  }

  /** Ends what belongs to the login: its secret and its watches. */
  endLogin(): void {
    this.endWatches(); // CONN-126
    if (this.#secret !== null) this.services.sessions.close(this.#secret); // CONN-121
    this.#secret = null;
  }

  /** A token (its digest) or the password (null) is no longer valid: ends the connection if its login needs that one. */
  credentialsRevoked(digest: string | null): void {
    if (this.person === null || !this.#credentials.revoke(digest, this.world, this.person.id)) return;
    this.#control.end('removed', digest === null ? 'the password was changed' : TOKEN_REVOKED); // CONN-71 CONN-73
  }

  protected fetched(room: RoomId, first: number, last: number): void {
    this.#control.subscriptions?.fetched(room, first, last); // CONN-76
  }

  protected whenAnswered(run: () => void): void {
    this.#control.whenAnswered(run);
  }

  /** Holds back later requests until the returned function is called, which calls `done` and takes the next request. */
  protected holdUntil<T>(done: Done<T>): Done<T> {
    const release = this.#control.hold();
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
      if (this.#control.isClosed) {
        if (result.ok) this.world.leave(result.value.id, { type: 'lost' }, presence);
        return;
      }
      if (!result.ok) return answer(result);
      this.person = result.value;
      this.presenceSession = presence;
      this.#control.loggedIn(result.value); // CONN-16
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
    this.#credentials.setPassword(passwordPosition);
    return ok(person);
  }

  /** Accepts one more token of the person who is logged in. */
  #addToken(person: Person, name: string, token: string, done: Done<Person>): void {
    const answer = this.holdUntil(done);
    void this.world.tokens.account(name, token).then((account) => {
      if (!account.ok) return answer(account);
      if (account.value.person !== person.id) return answer(err({ type: 'not-allowed' })); // CONN-38
      this.#credentials.restoreTokens([token], this.world, person.id); // CONN-73
      answer(ok(person));
    });
  }

  /** The person leaves once earlier requests are answered; then the connection can take a new login. */
  #logOut(then: () => void): void {
    const { person } = this;
    this.#control.whenAnswered(() =>
      this.end({ type: 'left' }, () => {
        if (person === null || !this.#control.loggedOut(person)) return;
        this.person = null;
        this.presenceSession = null;
        this.#credentials.clear();
        then();
      }),
    );
  }

  #changePassword({ id, name }: Person, { old, fresh }: PasswordChange, done: Done<unknown>): void {
    const changed: Done<number> = (result) => {
      if (result.ok) this.#credentials.setPassword(result.value); // CONN-71
      done(result);
    };
    const { accounts } = this.world;
    attemptPassword(this.#rates, name, changed, (checked) => void accounts.changePassword(id, old, fresh, checked));
  }

  /** Keeps the new name if the result is about the person of this session. */
  #renamed(result: Result<Person, Refusal>): Result<Person, Refusal> {
    if (result.ok && this.person?.id === result.value.id) this.person = result.value; // CONN-62
    return result;
  }

  /** The person, or a refusal if nobody is logged in or the budget is used up. */
  #allowed(budget: Budget | null): Result<Person, Refusal> {
    const { person } = this;
    if (person === null) return err({ type: 'not-allowed' }); // CONN-37
    const refusal = budget === null ? null : this.#rates.take(person.id, budget);
    return refusal === null ? ok(person) : err(refusal);
  }
}
