import type { Arrival } from '../core/entrance.ts';
import type { Person } from '../core/events.ts';
import type { Message } from '../core/message.ts';
import type { Said } from '../core/messages.ts';
import type { Password } from '../core/ports.ts';
import type { Refusal } from '../core/refusals.ts';
import type { RoomView } from '../core/rooms.ts';
import type { CameIn } from '../core/world.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { isLoopback } from '../transports/address.ts';
import type { Link } from '../transports/link.ts';
import { Allowance } from './allowance.ts';
import { cardOf } from './cards.ts';
import { arrivalOf, beInLobby } from './coming.ts';
import { makeChange, speak } from './deeds.ts';
import { groupViews } from './group-views.ts';
import type { Host } from './host.ts';
import type { Card, Change, Coming, Done, Peer, Self, Showing, Speech } from './peer.ts';
import { Proofs } from './proofs.ts';
import { revokeAll } from './revoke-all.ts';

type Budget = Parameters<Allowance['take']>[1];

/** What changes count against, where they count against something. */
const budgets: { readonly [T in Change['type']]?: Budget } = {
  status: 'renames',
  'display-name': 'renames',
  'create-group': 'groups',
};

/** What a desk needs of its connection. */
export type Seat = {
  /** Whether the link is gone. */
  readonly isOver: boolean;
  /** Requests that arrive wait, until the function that this returns is called; what is given to it runs first. */
  hold(): (then: () => void) => void;
  entered(person: Person, visit: Arrival): void;
  /** The person goes and the connection stays; calls when that is shown to the others, unless the link is lost before. */
  signOut(gone: () => void): void;
  /** The last token by which the person came in has ended. */
  tokenEnded(): void;
  said(message: Message): void;
  show(showing: Showing): void;
  leave(): void;
  pinged(): void;
};

/** What one connection's session asks for, asked of the world in that person's name, within the limits. */
export class Desk implements Peer {
  person: Person | null = null;
  readonly #seat: Seat;
  readonly #host: Host;
  readonly #link: Link;
  readonly #allowance: Allowance;
  readonly #proofs = new Proofs();

  constructor(seat: Seat, host: Host, link: Link) {
    this.#seat = seat;
    this.#host = host;
    this.#link = link;
    this.#allowance = new Allowance(host.limits, host.attempts, link.address);
  }

  get secure(): boolean {
    return this.#link.secure || isLoopback(this.#link.address); // CONN-36
  }

  enter(name: string, coming: Coming, done: Done<Person>): void {
    if (this.person !== null) return done(err({ type: 'not-allowed' })); // CONN-38
    const how = arrivalOf(coming);
    if (!how.ok) return done(how);
    this.#come(how.value, coming.lobby, done, (arrival, entered) => this.#world.enter(name, entered, arrival));
  }

  login(name: string, password: Password, coming: Coming, done: Done<Person>): void {
    if (this.person !== null) return done(err({ type: 'not-allowed' })); // CONN-38
    const how = arrivalOf(coming);
    if (!how.ok) return done(how);
    const attempt = this.#allowance.attempt(name);
    if (!attempt.ok) return done(attempt);
    this.#come(how.value, coming.lobby, done, (arrival, entered) => {
      const settle: Done<CameIn> = (result) => {
        attempt.value(result);
        this.#cameIn(result, entered);
      };
      void this.#world.login(name, password, settle, arrival);
    });
  }

  resume(name: string, token: string, coming: Coming, done: Done<Person>): void {
    const { person } = this;
    if (person === null) {
      const how = arrivalOf(coming);
      if (!how.ok) return done(how);
      return this.#come(how.value, coming.lobby, done, (arrival, entered) => {
        const settle: Done<CameIn> = (result) => {
          if (result.ok) this.#proofs.token(token);
          this.#cameIn(result, entered);
        };
        void this.#world.resume(name, token, settle, arrival);
      });
    }
    const release = this.#seat.hold();
    void this.#world.tokens.account(name, token).then((account) =>
      release(() => {
        if (!account.ok) return done(account);
        if (account.value.person !== person.id) return done(err({ type: 'not-allowed' })); // CONN-38
        this.#proofs.restore([token], this.#world, person.id); // CONN-73
        done(ok(person));
      }),
    );
  }

  issueToken(done: Done<string>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const release = this.#seat.hold();
    const passwordAt = this.#proofs.passwordAt ?? this.#world.accounts.passwordAt(person.id) ?? 0;
    this.#world.tokens.issue(person.id, passwordAt, (result) => {
      if (result.ok) this.#proofs.token(result.value);
      release(() => done(result));
    });
  }

  signOut(done: Done<void>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const release = this.#seat.hold();
    const tokens = this.#proofs.takeTokens();
    void revokeAll(this.#world, person.id, tokens).then((refusal) => {
      if (refusal === null) return this.#gone(() => release(() => done(ok(undefined))));
      const holds = this.#proofs.restore(tokens, this.#world, person.id);
      release(() => done(err(refusal)));
      if (!holds) this.#seat.tokenEnded(); // CONN-73
    });
  }

  register(name: string, displayName: string | null, password: Password, done: Done<Person>): void {
    const asked = this.#allowance.register();
    if (!asked.ok) return done(asked);
    const release = this.#seat.hold();
    const actor = this.person === null ? null : (this.#world.actor(this.person.id) ?? null);
    const wanted = { name, displayName, password, role: 'user' } as const;
    void this.#world.accounts.register(actor, wanted, (result) => {
      asked.value(result);
      const made = result.ok ? ok({ id: result.value.person, name: result.value.name }) : result;
      if (made.ok && made.value.id === this.person?.id)
        this.#proofs.password(this.#world.accounts.passwordAt(made.value.id) ?? 0); // CONN-71
      release(() => done(this.#called(made)));
    });
  }

  rename(name: string, done: Done<Person>): void {
    const person = this.#allowed('renames');
    if (!person.ok) return done(person);
    const release = this.#seat.hold();
    this.#world.rename(person.value.id, name, (result) => release(() => done(this.#called(result))));
  }

  speak(speech: Speech, done: Done<Said>): void {
    const allowed = this.#allowed('messages');
    if (!allowed.ok) return done(allowed);
    speak(
      this.#world,
      allowed.value.id,
      speech,
      () => this.#seat.hold(),
      (result) => {
        if (result.ok) this.#seat.said(result.value.message);
        done(result);
      },
    );
  }

  change(change: Change, done: Done<void>): void {
    const allowed = this.#allowed(budgets[change.type] ?? null);
    if (!allowed.ok) return done(allowed);
    const release = this.#seat.hold();
    const answer = (result: Result<unknown, Refusal>) => release(() => done(result.ok ? ok(undefined) : result));
    if (change.type === 'password') this.#changePassword(allowed.value, change, answer);
    else makeChange(this.#world, allowed.value.id, change, answer);
  }

  history(...[of, name, before, limit, done]: Parameters<Peer['history']>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const { world } = this.#host;
    const release = this.#seat.hold(); // CONN-13
    void world.history.of(person.id, of, name, before, limit, (result) => release(() => done(result)));
  }

  present(): readonly string[] {
    const { people, rooms } = this.#world;
    const shown = people.visible.filter(({ person }) => rooms.isInLobby(person));
    const names = shown.map(({ name }) => name);
    if (this.person === null || shown.some(({ person }) => person === this.person?.id)) return names; // CONN-74
    return [...names, this.person.name]; // CONN-74
  }

  self(): Self | null {
    if (this.person === null) return null;
    const { id, name } = this.person;
    const account = this.#world.people.account(id);
    const status = this.#world.people.statusOf(id).spelling;
    return { name, displayName: account?.displayName ?? name, status };
  }

  users(names: readonly string[]): readonly (Card | null)[] {
    const { person } = this;
    return names.map((name) => {
      const found = this.#world.people.find(name);
      return found === undefined || person === null ? null : (cardOf(this.#world, person.id, found.id) ?? null);
    });
  }

  friends(): readonly Card[] {
    const { person } = this;
    if (person === null) return [];
    return [...this.#world.people.contactsOf(person.id)].flatMap((id) => cardOf(this.#world, person.id, id) ?? []);
  }

  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void {
    const rooms = names.map((name) => this.#world.rooms.find(name));
    const release = this.#seat.hold(); // CONN-13
    groupViews(this.#world, this.person?.id ?? 0, rooms, (result) => release(() => done(result)));
  }

  ownGroups(done: Done<readonly RoomView[]>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const release = this.#seat.hold(); // CONN-13
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

  show(showing: Showing): void {
    this.#seat.show(showing);
  }

  leave(): void {
    this.#seat.leave();
  }

  mayPing(): boolean {
    this.#seat.pinged();
    return this.#allowance.mayPing();
  }

  /** The token of this digest ended, or the password was changed (null): whether the person came in by nothing else. */
  loses(digest: string | null): boolean {
    return this.person !== null && this.#proofs.lose(digest, this.#world, this.person.id);
  }

  get #world() {
    return this.#host.world;
  }

  /** From its coming on the person is on this connection, so that whatever ends the visit ends the connection, too (CONN-16). */
  #come(
    arrival: Arrival,
    lobby: boolean,
    done: Done<Person>,
    ask: (arrival: Arrival, entered: Done<Person>) => void,
  ): void {
    const release = this.#seat.hold();
    ask(arrival, (result) => {
      if (this.#seat.isOver) {
        if (result.ok) this.#world.leave(result.value.id, { type: 'lost' }, arrival);
        return;
      }
      if (!result.ok) return release(() => done(result));
      this.person = result.value;
      this.#seat.entered(result.value, arrival); // CONN-16
      if (!lobby) return release(() => done(result));
      beInLobby(this.#world, result.value.id, (joined) => {
        if (joined.ok) release(() => done(result));
        else this.#gone(() => release(() => done(joined)));
      });
    });
  }

  #cameIn(result: Result<CameIn, Refusal>, entered: Done<Person>): void {
    if (!result.ok) return entered(result);
    const { passwordAt, ...person } = result.value;
    this.#proofs.password(passwordAt);
    entered(ok(person));
  }

  /** The person goes; then the connection is nobody's. */
  #gone(then: () => void): void {
    this.#seat.signOut(() => {
      this.person = null;
      this.#proofs.clear();
      then();
    });
  }

  #changePassword(
    { id, name }: Person,
    { old, fresh }: Extract<Change, { type: 'password' }>,
    done: Done<unknown>,
  ): void {
    const attempt = this.#allowance.attempt(name);
    if (!attempt.ok) return done(attempt);
    void this.#world.accounts.changePassword(id, old, fresh, (result) => {
      attempt.value(result);
      if (result.ok) this.#proofs.password(result.value); // CONN-71
      done(result);
    });
  }

  /** Whoever is on this connection may have another name from now on. */
  #called(result: Result<Person, Refusal>): Result<Person, Refusal> {
    if (result.ok && this.person?.id === result.value.id) this.person = result.value; // CONN-62
    return result;
  }

  /** Who asks, unless nobody is here yet or it is too much at once. */
  #allowed(what: Budget | null): Result<Person, Refusal> {
    const { person } = this;
    if (person === null) return err({ type: 'not-allowed' }); // CONN-37
    const refusal = what === null ? null : this.#allowance.take(person.id, what);
    return refusal === null ? ok(person) : err(refusal);
  }
}
