import { err, ok, type Result } from '../../lib/result.ts';
import type { Account, Role } from '../model/account.ts';
import { decideSetDisplayName, decideSetRole } from '../commands/change-account.ts';
import { decideCreateAccount } from '../commands/create-account.ts';
import { decideSetPassword } from '../commands/set-password.ts';
import type { Actor } from '../engine/decide.ts';
import type { ServiceContext, Done } from './context.ts';
import type { NameReservations } from '../presence/name-reservations.ts';
import { directoryStream, type PersonId, personStream, roomStream } from '../model/ids.ts';
import { parseLine } from '../text/text.ts';
import { parseName } from '../text/names/parse.ts';
import { parsePassword } from './password.ts';
import type { Password } from '../ports.ts';
import type { Refusal } from '../model/refusals.ts';

/** Who may make accounts, and what new ones get. */
export type AccountRules = {
  readonly registration: 'open' | 'closed';
  /** Whether a new account is a member of the lobby; a guest who registers is one in any case. */
  readonly joinLobby: boolean;
};

/** What a new account is to be. */
export type Registration = {
  readonly name: string;
  /** The name where there is none. */
  readonly displayName: string | null;
  readonly password: Password;
  readonly role: Role;
};

/** An account, and the entry of its person that set the password which was shown. */
type VerifiedLogin = { readonly account: Account; readonly passwordPosition: number };

/** Names with passwords. Nothing here keeps a password, or says which of name and password was wrong (WORLD-57). */
export class Accounts {
  readonly #context: ServiceContext;
  readonly #reservations: NameReservations;
  readonly #rules: AccountRules;

  constructor(context: ServiceContext, reservations: NameReservations, rules: AccountRules) {
    this.#context = context;
    this.#reservations = reservations;
    this.#rules = rules;
  }

  /** Makes an account; a guest who asks becomes it, under the own name or a free one (WORLD-52). */
  async register(actor: Actor | null, wanted: Registration, done: Done<Account>): Promise<void> {
    const isOperator = actor?.type === 'operator';
    if (this.#rules.registration === 'closed' && !isOperator) return done(err({ type: 'registration-closed' })); // WORLD-58
    const fit = flawOf(wanted);
    if (fit !== null) return done(err(fit));
    const guest = actor?.type === 'person' && actor.role === null ? actor.person.id : null;
    const person = guest ?? this.#context.ids.integer();
    const reserved = await this.#reservations.reserve(wanted.name, person); // WORLD-51
    if (!reserved.ok) return done(reserved);
    const { name, complete: settle } = reserved.value;
    const verifier = await this.#context.passwords.hash(wanted.password);
    if (verifier === null) {
      settle(false);
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
        settle(result.ok);
        done(result);
      },
    );
  }

  /** The account of this name, if the password is its own. Takes the same steps for a name that nobody has (WORLD-57). */
  async verify(name: string, password: Password): Promise<Result<VerifiedLogin, Refusal>> {
    if (parsePassword(password) !== null) return err({ type: 'wrong-credentials' });
    const parsed = parseName(name);
    const account = parsed.ok ? this.#context.directory?.accounts.get(parsed.value.skeleton) : undefined;
    const passwordPosition = await this.#check(account?.person ?? null, password);
    if (!passwordPosition.ok) return passwordPosition;
    if (passwordPosition.value === null || account === undefined) return err({ type: 'wrong-credentials' }); // WORLD-57
    return ok({ account, passwordPosition: passwordPosition.value });
  }

  /** Which entry set the password of somebody who is here, as far as this node knows; null for guests, and whoever is gone. */
  passwordPosition(person: PersonId): number | null {
    return this.#context.person(person)?.passwordPosition ?? null;
  }

  /** Whether what that entry set is still the password of somebody who is here. */
  isPasswordCurrent(person: PersonId, passwordPosition: number): boolean {
    const present = this.passwordPosition(person);
    return present !== null && passwordPosition >= present; // WORLD-97
  }

  /** Another password for somebody who knows the old one; the result is where it is set. */
  async changePassword(person: PersonId, old: Password, fresh: Password, done: Done<number>): Promise<void> {
    if (this.#context.actor(person)?.role == null) return done(err({ type: 'guest' }));
    const known = parsePassword(old) === null ? await this.#check(person, old) : ok(null);
    if (!known.ok) return done(known);
    if (known.value === null) return done(err({ type: 'wrong-credentials' })); // WORLD-54
    await this.#setPassword(person, known.value, fresh, done);
  }

  /** Another password, whatever it was before: for the operator. */
  setPassword(person: PersonId, fresh: Password, done: Done<number>): Promise<void> {
    return this.#setPassword(person, null, fresh, done);
  }

  setDisplayName(person: PersonId, displayName: string, done: Done<Account>): void {
    const command = { type: 'set-display-name', person, displayName } as const;
    this.#context.submit([directoryStream], (states, input) => decideSetDisplayName(states, command, input), done);
  }

  setRole(actor: Actor, person: PersonId, role: Role, done: Done<Account>): void {
    const command = { type: 'set-role', actor, person, role } as const;
    this.#context.submit([directoryStream], (states, input) => decideSetRole(states, command, input), done);
  }

  async #setPassword(person: PersonId, known: number | null, fresh: Password, done: Done<number>): Promise<void> {
    const unfit = parsePassword(fresh);
    if (unfit !== null) return done(err(unfit));
    const verifier = await this.#context.passwords.hash(fresh);
    if (verifier === null) return done(err({ type: 'busy' })); // WORLD-59
    const command = { type: 'set-password', person, known, verifier } as const;
    this.#context.submit([personStream(person)], (states, input) => decideSetPassword(states, command, input), done);
  }

  /**
   * Which entry set the password, if this is it, null if not; for nobody (`null`) as slowly. Refused where too many ask, or
   * storage cannot say.
   */
  async #check(person: PersonId | null, password: Password): Promise<Result<number | null, Refusal>> {
    try {
      const credential = await this.#context.storage.credential(person ?? 0); // WORLD-57
      const right = await this.#context.passwords.verify(password, credential?.verifier ?? null);
      if (right === null) return err({ type: 'busy' }); // WORLD-59
      return ok(right && credential !== null ? credential.position : null);
    } catch {
      return err({ type: 'unavailable' });
    }
  }
}

/** What is wrong with what a new account is to be, apart from its name. */
function flawOf({ displayName, password }: Registration): Refusal | null {
  const line = displayName === null ? ok('') : parseLine(displayName);
  if (!line.ok) return { type: 'bad-display-name', problem: line.error };
  return parsePassword(password);
}
