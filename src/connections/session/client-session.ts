import type { PresenceSession } from '../../core/presence/local-sessions.ts';
import type { Person } from '../../core/model/events.ts';
import type { Message } from '../../core/model/message.ts';
import type { PostResult } from '../../core/services/messages.ts';
import type { Password } from '../../core/ports.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { LoginResult } from '../../core/world.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isLoopback } from '../../transports/address.ts';
import type { Link } from '../../transports/link.ts';
import { RateGuard } from '../limits/rate-guard.ts';
import { profileFor } from './profiles.ts';
import { presenceSessionOf, joinLobby } from './login.ts';
import { dispatchSetting, dispatchMessage } from './dispatch.ts';
import { groupViews } from './group-views.ts';
import type { ConnectionServices } from '../services.ts';
import type {
  Profile,
  SettingsCommand,
  LoginOptions,
  Done,
  SessionApi,
  OwnProfile,
  SubscriptionOptions,
  MessageCommand,
} from './session-api.ts';
import { SessionCredentials } from './credentials.ts';
import { revokeAll } from './revoke-all.ts';

type Budget = Parameters<RateGuard['take']>[1];

/** What changes count against, where they count against something. */
const budgets: { readonly [T in SettingsCommand['type']]?: Budget } = {
  status: 'renames',
  'display-name': 'renames',
  'create-group': 'groups',
};

/** What a desk needs of its connection. */
export type ConnectionControl = {
  /** Whether the link is gone. */
  readonly isOver: boolean;
  /** Requests that arrive wait, until the function that this returns is called; what is given to it runs first. */
  hold(): (then: () => void) => void;
  entered(person: Person, visit: PresenceSession): void;
  /** The person goes and the connection stays; calls when that is shown to the others, unless the link is lost before. */
  signOut(gone: () => void): void;
  /** The last token by which the person came in has ended. */
  tokenEnded(): void;
  sent(message: Message): void;
  subscribe(options: SubscriptionOptions): void;
  leave(): void;
  pinged(): void;
};

/** What one connection's session asks for, asked of the world in that person's name, within the limits. */
export class ClientSession implements SessionApi {
  person: Person | null = null;
  readonly #control: ConnectionControl;
  readonly #services: ConnectionServices;
  readonly #link: Link;
  readonly #rates: RateGuard;
  readonly #credentials = new SessionCredentials();

  constructor(control: ConnectionControl, services: ConnectionServices, link: Link) {
    this.#control = control;
    this.#services = services;
    this.#link = link;
    this.#rates = new RateGuard(services.limits, services.throttle, link.address);
  }

  get secure(): boolean {
    return this.#link.secure || isLoopback(this.#link.address); // CONN-36
  }

  enter(name: string, options: LoginOptions, done: Done<Person>): void {
    if (this.person !== null) return done(err({ type: 'not-allowed' })); // CONN-38
    const how = presenceSessionOf(options);
    if (!how.ok) return done(how);
    this.#enter(how.value, options.lobby, done, (arrival, entered) => this.#world.enter(name, entered, arrival));
  }

  login(name: string, password: Password, options: LoginOptions, done: Done<Person>): void {
    if (this.person !== null) return done(err({ type: 'not-allowed' })); // CONN-38
    const how = presenceSessionOf(options);
    if (!how.ok) return done(how);
    const attempt = this.#rates.tryLogin(name);
    if (!attempt.ok) return done(attempt);
    this.#enter(how.value, options.lobby, done, (arrival, entered) => {
      const settle: Done<LoginResult> = (result) => {
        attempt.value(result);
        this.#loggedIn(result, entered);
      };
      void this.#world.login(name, password, settle, arrival);
    });
  }

  resume(name: string, token: string, options: LoginOptions, done: Done<Person>): void {
    const { person } = this;
    if (person === null) {
      const how = presenceSessionOf(options);
      if (!how.ok) return done(how);
      return this.#enter(how.value, options.lobby, done, (arrival, entered) => {
        const settle: Done<LoginResult> = (result) => {
          if (result.ok) this.#credentials.addToken(token);
          this.#loggedIn(result, entered);
        };
        void this.#world.resume(name, token, settle, arrival);
      });
    }
    const release = this.#control.hold();
    void this.#world.tokens.account(name, token).then((account) =>
      release(() => {
        if (!account.ok) return done(account);
        if (account.value.person !== person.id) return done(err({ type: 'not-allowed' })); // CONN-38
        this.#credentials.restore([token], this.#world, person.id); // CONN-73
        done(ok(person));
      }),
    );
  }

  issueToken(done: Done<string>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const release = this.#control.hold();
    const passwordPosition =
      this.#credentials.passwordPosition ?? this.#world.accounts.passwordPosition(person.id) ?? 0;
    this.#world.tokens.issue(person.id, passwordPosition, (result) => {
      if (result.ok) this.#credentials.addToken(result.value);
      release(() => done(result));
    });
  }

  signOut(done: Done<void>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const release = this.#control.hold();
    const tokens = this.#credentials.takeTokens();
    void revokeAll(this.#world, person.id, tokens).then((refusal) => {
      if (refusal === null) return this.#signOut(() => release(() => done(ok(undefined))));
      const holds = this.#credentials.restore(tokens, this.#world, person.id);
      release(() => done(err(refusal)));
      if (!holds) this.#control.tokenEnded(); // CONN-73
    });
  }

  register(name: string, displayName: string | null, password: Password, done: Done<Person>): void {
    const asked = this.#rates.register();
    if (!asked.ok) return done(asked);
    const release = this.#control.hold();
    const actor = this.person === null ? null : (this.#world.actor(this.person.id) ?? null);
    const wanted = { name, displayName, password, role: 'user' } as const;
    void this.#world.accounts.register(actor, wanted, (result) => {
      asked.value(result);
      const made = result.ok ? ok({ id: result.value.person, name: result.value.name }) : result;
      if (made.ok && made.value.id === this.person?.id)
        this.#credentials.setPassword(this.#world.accounts.passwordPosition(made.value.id) ?? 0); // CONN-71
      release(() => done(this.#renamed(made)));
    });
  }

  rename(name: string, done: Done<Person>): void {
    const person = this.#allowed('renames');
    if (!person.ok) return done(person);
    const release = this.#control.hold();
    this.#world.rename(person.value.id, name, (result) => release(() => done(this.#renamed(result))));
  }

  send(command: MessageCommand, done: Done<PostResult>): void {
    const allowed = this.#allowed('messages');
    if (!allowed.ok) return done(allowed);
    dispatchMessage(
      this.#world,
      allowed.value.id,
      command,
      () => this.#control.hold(),
      (result) => {
        if (result.ok) this.#control.sent(result.value.message);
        done(result);
      },
    );
  }

  changeSettings(change: SettingsCommand, done: Done<void>): void {
    const allowed = this.#allowed(budgets[change.type] ?? null);
    if (!allowed.ok) return done(allowed);
    const release = this.#control.hold();
    const answer = (result: Result<unknown, Refusal>) => release(() => done(result.ok ? ok(undefined) : result));
    if (change.type === 'password') this.#changePassword(allowed.value, change, answer);
    else dispatchSetting(this.#world, allowed.value.id, change, answer);
  }

  history(...[of, name, before, limit, done]: Parameters<SessionApi['history']>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const { world } = this.#services;
    const release = this.#control.hold(); // CONN-13
    void world.history.of(person.id, of, name, before, limit, (result) => release(() => done(result)));
  }

  presentNames(): readonly string[] {
    const { people, rooms } = this.#world;
    const shown = people.visible.filter(({ person }) => rooms.isInLobby(person));
    const names = shown.map(({ name }) => name);
    if (this.person === null || shown.some(({ person }) => person === this.person?.id)) return names; // CONN-74
    return [...names, this.person.name]; // CONN-74
  }

  ownProfile(): OwnProfile | null {
    if (this.person === null) return null;
    const { id, name } = this.person;
    const account = this.#world.people.account(id);
    const status = this.#world.people.statusOf(id).spelling;
    return { name, displayName: account?.displayName ?? name, status };
  }

  profiles(names: readonly string[]): readonly (Profile | null)[] {
    const { person } = this;
    return names.map((name) => {
      const found = this.#world.people.find(name);
      return found === undefined || person === null ? null : (profileFor(this.#world, person.id, found.id) ?? null);
    });
  }

  contacts(): readonly Profile[] {
    const { person } = this;
    if (person === null) return [];
    return [...this.#world.people.contactsOf(person.id)].flatMap((id) => profileFor(this.#world, person.id, id) ?? []);
  }

  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void {
    const rooms = names.map((name) => this.#world.rooms.find(name));
    const release = this.#control.hold(); // CONN-13
    groupViews(this.#world, this.person?.id ?? 0, rooms, (result) => release(() => done(result)));
  }

  ownGroups(done: Done<readonly RoomView[]>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const release = this.#control.hold(); // CONN-13
    const answer: typeof done = (result) => release(() => done(result));
    this.#world.rooms.of(person.id).then(
      (own) =>
        groupViews(
          this.#world,
          person.id,
          own.filter(({ direct }) => !direct).map(({ room }) => room),
          (result) => answer(result.ok ? ok(result.value.filter((view) => view !== null)) : result),
        ),
      () => answer(err({ type: 'unavailable' })),
    );
  }

  subscribe(options: SubscriptionOptions): void {
    this.#control.subscribe(options);
  }

  leave(): void {
    this.#control.leave();
  }

  mayPing(): boolean {
    this.#control.pinged();
    return this.#rates.mayPing();
  }

  /** The token of this digest ended, or the password was changed (null): whether the person came in by nothing else. */
  loses(digest: string | null): boolean {
    return this.person !== null && this.#credentials.revoke(digest, this.#world, this.person.id);
  }

  get #world() {
    return this.#services.world;
  }

  /** From its coming on the person is on this connection, so that whatever ends the visit ends the connection, too (CONN-16). */
  #enter(
    arrival: PresenceSession,
    lobby: boolean,
    done: Done<Person>,
    ask: (arrival: PresenceSession, entered: Done<Person>) => void,
  ): void {
    const release = this.#control.hold();
    ask(arrival, (result) => {
      if (this.#control.isOver) {
        if (result.ok) this.#world.leave(result.value.id, { type: 'lost' }, arrival);
        return;
      }
      if (!result.ok) return release(() => done(result));
      this.person = result.value;
      this.#control.entered(result.value, arrival); // CONN-16
      if (!lobby) return release(() => done(result));
      joinLobby(this.#world, result.value.id, (joined) => {
        if (joined.ok) release(() => done(result));
        else this.#signOut(() => release(() => done(joined)));
      });
    });
  }

  #loggedIn(result: Result<LoginResult, Refusal>, entered: Done<Person>): void {
    if (!result.ok) return entered(result);
    const { passwordPosition, ...person } = result.value;
    this.#credentials.setPassword(passwordPosition);
    entered(ok(person));
  }

  /** The person goes; then the connection is nobody's. */
  #signOut(then: () => void): void {
    this.#control.signOut(() => {
      this.person = null;
      this.#credentials.clear();
      then();
    });
  }

  #changePassword(
    { id, name }: Person,
    { old, fresh }: Extract<SettingsCommand, { type: 'password' }>,
    done: Done<unknown>,
  ): void {
    const attempt = this.#rates.tryLogin(name);
    if (!attempt.ok) return done(attempt);
    void this.#world.accounts.changePassword(id, old, fresh, (result) => {
      attempt.value(result);
      if (result.ok) this.#credentials.setPassword(result.value); // CONN-71
      done(result);
    });
  }

  /** Whoever is on this connection may have another name from now on. */
  #renamed(result: Result<Person, Refusal>): Result<Person, Refusal> {
    if (result.ok && this.person?.id === result.value.id) this.person = result.value; // CONN-62
    return result;
  }

  /** Who asks, unless nobody is here yet or it is too much at once. */
  #allowed(what: Budget | null): Result<Person, Refusal> {
    const { person } = this;
    if (person === null) return err({ type: 'not-allowed' }); // CONN-37
    const refusal = what === null ? null : this.#rates.take(person.id, what);
    return refusal === null ? ok(person) : err(refusal);
  }
}
