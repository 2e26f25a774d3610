import type { RoomId } from '../../core/model/ids.ts';
import type { Person } from '../../core/model/person.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Password } from '../../core/ports.ts';
import type { InvitationTerms, InvitationView, NewInvitation } from '../../core/services/invitations.ts';
import type { PostResult } from '../../core/services/messages.ts';
import type { CommandServices } from '../../core/services/once.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { attemptPassword, type Budget, type RateGuard } from '../limits/rate-guard.ts';
import type { ConnectionControl } from './connection-control.ts';
import { SessionCredentials } from './credentials.ts';
import { budgetOf, dispatchMessage, dispatchSetting } from './dispatch.ts';
import { budgetOfId, type IdCommand, type IdResult, resultOf, runIdCommand } from './id-commands.ts';
import { keyOf, readKept, RepeatedRequests, type RequestName, scopeOf } from './repeated-requests.ts';
import { type NamedRequest, runOnce } from './run-once.ts';
import type { Done, MessageCommand, SettingsCommand } from './session-api.ts';
import { SessionTyping } from './session-typing.ts';

type PasswordChange = Extract<SettingsCommand, { type: 'password' }>;

/** The part of the session API that changes the world, in the name of the person who is logged in and within limits. */
export abstract class SessionCommands extends SessionTyping {
  abstract override person: Person | null;
  protected abstract control: ConnectionControl;
  protected abstract rates: RateGuard;
  abstract readonly digest: string | null;
  abstract readonly eventId: () => string;
  protected readonly credentials = new SessionCredentials();
  /** The requests that may be repeated; null until there is one, to save memory. */
  #repeats: RepeatedRequests | null = null;

  once<E = never>(
    request: string,
    run: (name: RequestName | null, finish: (result: Result<IdResult, E | Refusal>) => void) => void,
    done: (result: Result<IdResult, E | Refusal>) => void,
  ): void {
    if (this.digest === null) return run(null, done);
    const repeats = (this.#repeats ??= new RepeatedRequests(this.eventId(), false));
    const name = repeats.name(this.digest, request);
    const runNew = () =>
      run(name, (result) => {
        if (result.ok && result.value.version !== undefined) repeats.keep(name, result.value); // CONN-154
        done(result);
      });
    if (!repeats.isLater) return runNew(); // CONN-151
    const release = this.control.hold();
    const answer: Done<IdResult> = (result) => release(() => done(result));
    if (repeats.joins(name, answer)) return; // CONN-153
    this.#firstResult(repeats, name).then(
      (first) => (first === null ? release(runNew) : answer(ok(first))), // CONN-150
      () => answer(err({ type: 'unavailable' })),
    );
  }

  register(
    name: string,
    displayName: string | null,
    password: Password,
    done: Done<Person>,
    request: RequestName | null = null,
  ): void {
    const attempt = this.rates.register();
    if (!attempt.ok) return done(attempt);
    const answer = this.holdUntil(done);
    const actor = this.person === null ? null : (this.world.actor(this.person.id) ?? null);
    const wanted = { name, displayName, password, role: 'user' } as const;
    let registered: Result<Person, Refusal> = err({ type: 'unavailable' });
    const run = (services: CommandServices, finish: Done<IdResult>) =>
      void services.accounts.register(actor, wanted, (result) => {
        attempt.value(result);
        if (!result.ok) return finish(result);
        const { person, name } = result.value;
        registered = ok({ id: person, name });
        if (person !== this.person?.id) return finish(ok({}));
        this.credentials.setPassword(this.world.accounts.passwordPosition(person) ?? 0); // CONN-71
        this.keepCredentials(() => finish(ok({})));
      });
    runOnce(
      this.#named(request),
      () => ({}),
      run,
      (result) => answer(result.ok ? this.#renamed(registered) : result),
    );
  }

  rename(name: string, done: Done<Person>): void {
    const person = this.allowed('renames');
    if (!person.ok) return done(person);
    const answer = this.holdUntil(done);
    this.world.rename(person.value.id, name, (result) => answer(this.#renamed(result)));
  }

  send(command: MessageCommand, done: Done<PostResult>): void {
    const allowed = this.allowed('messages');
    if (!allowed.ok) return done(allowed);
    const hold = () => this.control.hold();
    const holdsBack = command.type === 'edit' || command.type === 'delete';
    const posted = holdsBack ? null : this.posts.begin();
    dispatchMessage(this.world, allowed.value.id, command, this.#via, hold, (result) => {
      posted?.();
      if (result.ok) this.control.sent(result.value.message);
      done(result);
    });
  }

  changeSettings(command: SettingsCommand, done: Done<void>): void {
    const allowed = this.allowed(budgetOf(command));
    if (!allowed.ok) return done(allowed);
    const release = this.control.hold();
    const answer = (result: Result<unknown, Refusal>) => release(() => done(result.ok ? ok(undefined) : result));
    if (command.type === 'password') this.#changePassword(allowed.value, command, answer);
    else dispatchSetting(this.world, allowed.value.id, command, answer);
  }

  command(command: IdCommand, done: Done<IdResult>, name: RequestName | null = null): void {
    const allowed = this.allowed(budgetOfId(command));
    if (!allowed.ok) return done(allowed);
    const attempt = command.type === 'join-by-invitation' ? this.rates.invitation() : null;
    if (attempt?.ok === false) return done(attempt); // CONN-165
    const isFast = command.type === 'post' && command.post.replyTo === undefined;
    const answer = isFast ? done : this.holdUntil(done);
    const posted = isFast ? this.posts.begin() : null;
    const { id } = allowed.value;
    const run = (services: CommandServices, finish: Done<IdResult>) =>
      runIdCommand(this.world, services, id, command, this.#via, finish);
    runOnce(
      this.#named(name),
      (value) => resultOf(command, value),
      run,
      (result) => {
        attempt?.value(result);
        if (result.ok && command.type === 'read-room') this.services.markers.advance(id, command.room, command.number); // CONN-77
        queueMicrotask(() => answer(result)); // CONN-124
        posted?.();
      },
    );
  }

  invite(room: RoomId, terms: InvitationTerms, done: Done<NewInvitation>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    this.world.invitations.make(person.id, room, terms, this.holdUntil(done));
  }

  invitation(code: string, done: Done<InvitationView>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const attempt = this.rates.invitation();
    if (!attempt.ok) return done(attempt); // CONN-165
    const answer = this.holdUntil(done);
    void this.world.invitations.look(person.id, code, (result) => {
      attempt.value(result);
      answer(result);
    });
  }

  deleteAccount(password: Password, done: Done<void>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const answer = this.holdUntil(done);
    const deleted: Done<unknown> = (result) => answer(result.ok ? ok(undefined) : result);
    const { deletions } = this.world;
    attemptPassword(this.rates, person.name, deleted, (done) => void deletions.deleteOwn(person.id, password, done));
  }

  /** By which way what is posted here comes: the name of the protocol. */
  get #via(): string {
    return this.control.sessions.carried.protocolName; // CONN-157
  }

  #changePassword({ id, name }: Person, { old, fresh }: PasswordChange, done: Done<unknown>): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.digest !== null) void this.services.sessions.changing(this.digest, promise); // CONN-135
    const finish: Done<unknown> = (result) => {
      resolve();
      done(result);
    };
    const changed: Done<number> = (result) => {
      if (!result.ok) return finish(result);
      this.credentials.setPassword(result.value); // CONN-71
      this.keepCredentials(() => finish(result));
    };
    const { accounts } = this.world;
    attemptPassword(this.rates, name, changed, (checked) => void accounts.changePassword(id, old, fresh, checked));
  }

  #named(name: RequestName | null): NamedRequest {
    return { world: this.world, now: this.services.clock.now(), requests: this.#repeats, name };
  }

  /** From now on requests may be repetitions of requests on earlier connections. */
  protected onLaterConnection(): void {
    this.#repeats = new RepeatedRequests(this.eventId(), true, this.#repeats); // CONN-151
  }

  /** The result of a request that was done before; null for a new one. */
  async #firstResult(repeats: RepeatedRequests, name: RequestName): Promise<IdResult | null> {
    const kept = await this.world.sessions.kept(scopeOf(name), keyOf(name));
    const stored = kept === null ? null : readKept(name, kept.result);
    return stored && { ...stored, ...repeats.kept(name) };
  }

  /** The session rests on another password or token now, which storage must know before that is answered. */
  protected keepCredentials(then: () => void): void {
    const { sessions } = this.services;
    if (this.digest === null) return then();
    sessions.save(this.control.sessions.carried).then(then, then); // CONN-135
  }

  /** Keeps the new name if the result is about the person of this session. */
  #renamed(result: Result<Person, Refusal>): Result<Person, Refusal> {
    if (result.ok && this.person?.id === result.value.id) this.person = result.value; // CONN-62
    return result;
  }

  /** The person, or a refusal if nobody is logged in or the budget is used up. */
  protected allowed(budget: Budget | null): Result<Person, Refusal> {
    const { person } = this;
    if (person === null) return err({ type: 'not-allowed' }); // CONN-37
    const refusal = budget === null ? null : this.rates.take(person.id, budget);
    return refusal === null ? ok(person) : err(refusal);
  }
}
