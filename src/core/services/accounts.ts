import { err, ok, type Result } from '../../lib/result.ts';
import { decideSetProfile, decideSetRole } from '../commands/accounts/change-account.ts';
import { decideCreateAccount } from '../commands/accounts/create-account.ts';
import { decideSetPassword } from '../commands/accounts/set-password.ts';
import type { Actor } from '../engine/decide.ts';
import type { Account, ProfileChanges, Role } from '../model/account.ts';
import { directoryStream, type PersonId, personStream, roomStream } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Password } from '../ports.ts';
import type { NameReservations } from '../presence/name-reservations.ts';
import { parseName } from '../text/names/parse.ts';
import { parseLine } from '../text/text.ts';
import type { Done, ServiceContext } from './context.ts';
import { parsePassword } from '../commands/accounts/password.ts';

/** The settings for new accounts. */
export type AccountRules = {
  readonly registration: 'open' | 'closed';
  /** Whether a new account joins the lobby; a guest who registers always does. */
  readonly joinLobby: boolean;
};

/** The data of a new account. */
export type Registration = {
  readonly name: string;
  /** Null: the name. */
  readonly displayName: string | null;
  readonly password: Password;
  readonly role: Role;
};

/** An account, and the position of the entry that set the password which the client sent. */
type VerifiedLogin = { readonly account: Account; readonly passwordPosition: number };

/** Accounts and their passwords. No password is kept, and no answer tells whether name or password was wrong (WORLD-57). */
export class Accounts {
  readonly #context: ServiceContext;
  readonly #reservations: NameReservations;
  readonly #rules: AccountRules;

  constructor(context: ServiceContext, reservations: NameReservations, rules: AccountRules) {
    this.#context = context;
    this.#reservations = reservations;
    this.#rules = rules;
  }

  /** Makes an account; a guest who asks becomes it, under the guest's name or a free one (WORLD-52). */
  async register(actor: Actor | null, wanted: Registration, done: Done<Account>): Promise<void> {
    const isOperator = actor?.type === 'operator';
    if (this.#rules.registration === 'closed' && !isOperator) return done(err({ type: 'registration-closed' })); // WORLD-58
    const invalid = checkRegistration(wanted);
    if (invalid !== null) return done(err(invalid));
    const guest = actor?.type === 'person' && actor.role === null ? actor.person.id : null;
    const person = guest ?? this.#context.ids.integer();
    const reserved = await this.#reservations.reserve(wanted.name, person); // WORLD-51
    if (!reserved.ok) return done(reserved);
    const { name, complete } = reserved.value;
    const verifier = await this.#context.passwords.hash(wanted.password);
    if (verifier === null) {
      complete(false);
      return done(err({ type: 'busy' })); // WORLD-59
    }
    const { spelling, skeleton } = name;
    const account = {
      person,
      name: spelling,
      skeleton,
      displayName: wanted.displayName ?? spelling,
      role: wanted.role,
    };
    const joins = guest !== null || this.#rules.joinLobby; // WORLD-52
    const command = { type: 'create-account', account, verifier, joins } as const;
    this.#context.submit(
      [directoryStream, personStream(person), roomStream(this.#context.lobby)],
      (states, input) => decideCreateAccount(states, command, input),
      (result) => {
        complete(result.ok);
        done(result);
      },
    );
  }

  /** The account of this name, if the password is its own. Takes the same steps for an unknown name (WORLD-57). */
  async verify(name: string, password: Password): Promise<Result<VerifiedLogin, Refusal>> {
    if (parsePassword(password) !== null) return err({ type: 'wrong-credentials' });
    const parsed = parseName(name);
    const account = parsed.ok ? this.#context.directory?.accounts.get(parsed.value.skeleton) : undefined;
    const checked = await this.#check(account?.person ?? null, password);
    if (!checked.ok) return checked;
    if (checked.value === null || account === undefined) return err({ type: 'wrong-credentials' }); // WORLD-57
    return ok({ account, passwordPosition: checked.value });
  }

  /**
   * The position of the entry that set a person's password, as this node knows it; null for guests, and for people who are
   * not present on this node.
   */
  passwordPosition(person: PersonId): number | null {
    return this.#context.person(person)?.passwordPosition ?? null;
  }

  /**
   * Whether the password that the entry at this position set is still current; false for people who are not present on this
   * node.
   */
  isPasswordCurrent(person: PersonId, passwordPosition: number): boolean {
    const current = this.passwordPosition(person);
    return current !== null && passwordPosition >= current; // WORLD-97
  }

  /** Sets a new password for a person who knows the old one; answers with the position of the entry. */
  async changePassword(person: PersonId, old: Password, fresh: Password, done: Done<number>): Promise<void> {
    if (this.#context.actor(person)?.role == null) return done(err({ type: 'guest' }));
    const checked = parsePassword(old) === null ? await this.#check(person, old) : ok(null);
    if (!checked.ok) return done(checked);
    if (checked.value === null) return done(err({ type: 'wrong-credentials' })); // WORLD-54
    await this.#setPassword(person, checked.value, fresh, done);
  }

  /** Sets a new password without the old one: for the operator. */
  setPassword(person: PersonId, fresh: Password, done: Done<number>): Promise<void> {
    return this.#setPassword(person, null, fresh, done);
  }

  /** Changes what others see of an account; refused as a conflict if the account is no longer as `expected`. */
  setProfile(person: PersonId, changes: ProfileChanges, done: Done<Account>, expected?: Account): void {
    const command = { type: 'set-profile', person, changes, ...(expected && { expected }) } as const;
    this.#context.submit([directoryStream], (states, input) => decideSetProfile(states, command, input), done);
  }

  setRole(actor: Actor, person: PersonId, role: Role, done: Done<Account>): void {
    const command = { type: 'set-role', actor, person, role } as const;
    this.#context.submit([directoryStream], (states, input) => decideSetRole(states, command, input), done);
  }

  async #setPassword(
    person: PersonId,
    knownPosition: number | null,
    fresh: Password,
    done: Done<number>,
  ): Promise<void> {
    const invalid = parsePassword(fresh);
    if (invalid !== null) return done(err(invalid));
    const verifier = await this.#context.passwords.hash(fresh);
    if (verifier === null) return done(err({ type: 'busy' })); // WORLD-59
    const command = { type: 'set-password', person, knownPosition, verifier } as const;
    this.#context.submit([personStream(person)], (states, input) => decideSetPassword(states, command, input), done);
  }

  /**
   * The position of the entry that set the person's password, if the password is right, else null. It takes as long if
   * `person` is null. Refused when too many passwords wait or storage is unavailable.
   */
  async #check(person: PersonId | null, password: Password): Promise<Result<number | null, Refusal>> {
    try {
      const credential = await this.#context.storage.credential(person ?? 0); // WORLD-57
      const isRight = await this.#context.passwords.verify(password, credential?.verifier ?? null);
      if (isRight === null) return err({ type: 'busy' }); // WORLD-59
      return ok(isRight && credential !== null ? credential.position : null);
    } catch {
      return err({ type: 'unavailable' });
    }
  }
}

/** Why the data of a new account, apart from its name, is refused. */
function checkRegistration({ displayName, password }: Registration): Refusal | null {
  const line = displayName === null ? ok('') : parseLine(displayName);
  if (!line.ok) return { type: 'bad-display-name', problem: line.error };
  return parsePassword(password);
}
