import { err, ok, type Result } from '../lib/result.ts';
import type { Account, Role } from './account.ts';
import { decideSetDisplayName, decideSetRole } from './commands/change-account.ts';
import { decideCreateAccount } from './commands/create-account.ts';
import { decideSetPassword } from './commands/set-password.ts';
import type { Actor } from './decide.ts';
import type { Doors, Done } from './doors.ts';
import type { Claims } from './claims.ts';
import { directoryStream, type PersonId, personStream, roomStream } from './ids.ts';
import { parseLine } from './line.ts';
import { parseName } from './names/parse.ts';
import { parsePassword } from './password.ts';
import type { Password } from './ports.ts';
import type { Refusal } from './refusals.ts';

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
type Proof = { readonly account: Account; readonly passwordAt: number };

/** Names with passwords. Nothing here keeps a password, or says which of name and password was wrong (WORLD-57). */
export class Accounts {
  readonly #doors: Doors;
  readonly #claims: Claims;
  readonly #rules: AccountRules;

  constructor(doors: Doors, claims: Claims, rules: AccountRules) {
    this.#doors = doors;
    this.#claims = claims;
    this.#rules = rules;
  }

  /** Makes an account; a guest who asks becomes it, under the own name or a free one (WORLD-52). */
  async register(actor: Actor | null, wanted: Registration, done: Done<Account>): Promise<void> {
    const isOperator = actor?.type === 'operator';
    if (this.#rules.registration === 'closed' && !isOperator) return done(err({ type: 'registration-closed' })); // WORLD-58
    const fit = fitness(wanted);
    if (fit !== null) return done(err(fit));
    const guest = actor?.type === 'person' && actor.role === null ? actor.person.id : null;
    const person = guest ?? this.#doors.ids.integer();
    const reserved = await this.#claims.reserve(wanted.name, person); // WORLD-51
    if (!reserved.ok) return done(reserved);
    const { name, settle } = reserved.value;
    const verifier = await this.#doors.passwords.hash(wanted.password);
    if (verifier === null) {
      settle(false);
      return done(err({ type: 'busy' })); // WORLD-59
    }
    const { shown, skeleton } = name;
    const account = { person, name: shown, skeleton, displayName: wanted.displayName ?? shown, role: wanted.role };
    const joins = guest !== null || this.#rules.joinLobby; // WORLD-52
    const command = { type: 'create-account', account, verifier, joins } as const;
    this.#doors.submit(
      [directoryStream, personStream(person), roomStream(this.#doors.lobby())],
      (states, context) => decideCreateAccount(states, command, context),
      (result) => {
        settle(result.ok);
        done(result);
      },
    );
  }

  /** The account of this name, if the password is its own. Takes the same steps for a name that nobody has (WORLD-57). */
  async verify(name: string, password: Password): Promise<Result<Proof, Refusal>> {
    if (parsePassword(password) !== null) return err({ type: 'wrong-credentials' });
    const parsed = parseName(name);
    const account = parsed.ok ? this.#directory?.accounts.get(parsed.value.skeleton) : undefined;
    const passwordAt = await this.#check(account?.person ?? null, password);
    if (!passwordAt.ok) return passwordAt;
    if (passwordAt.value === null || account === undefined) return err({ type: 'wrong-credentials' }); // WORLD-57
    return ok({ account, passwordAt: passwordAt.value });
  }

  /** Which entry set the password of somebody who is here, as far as this node knows; null for guests, and whoever is gone. */
  passwordAt(person: PersonId): number | null {
    const { committed } = this.#doors.ledger;
    return committed.has(personStream(person)) ? committed.person(person).passwordAt : null;
  }

  /** Whether what that entry set is still the password of somebody who is here. */
  stands(person: PersonId, passwordAt: number): boolean {
    const present = this.passwordAt(person);
    return present !== null && passwordAt >= present; // WORLD-97
  }

  /** Another password for somebody who knows the old one; the result is where it is set. */
  async changePassword(person: PersonId, old: Password, fresh: Password, done: Done<number>): Promise<void> {
    if (this.#doors.actor(person)?.role == null) return done(err({ type: 'guest' }));
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
    this.#doors.submit([directoryStream], (states, context) => decideSetDisplayName(states, command, context), done);
  }

  setRole(actor: Actor, person: PersonId, role: Role, done: Done<Account>): void {
    const command = { type: 'set-role', actor, person, role } as const;
    this.#doors.submit([directoryStream], (states, context) => decideSetRole(states, command, context), done);
  }

  async #setPassword(person: PersonId, known: number | null, fresh: Password, done: Done<number>): Promise<void> {
    const unfit = parsePassword(fresh);
    if (unfit !== null) return done(err(unfit));
    const verifier = await this.#doors.passwords.hash(fresh);
    if (verifier === null) return done(err({ type: 'busy' })); // WORLD-59
    const command = { type: 'set-password', person, known, verifier } as const;
    this.#doors.submit([personStream(person)], (states, context) => decideSetPassword(states, command, context), done);
  }

  /**
   * Which entry set the password, if this is it, null if not; for nobody (`null`) as slowly. Refused where too many ask, or
   * storage cannot say.
   */
  async #check(person: PersonId | null, password: Password): Promise<Result<number | null, Refusal>> {
    try {
      const credential = await this.#doors.storage.credential(person ?? 0); // WORLD-57
      const right = await this.#doors.passwords.verify(password, credential?.verifier ?? null);
      if (right === null) return err({ type: 'busy' }); // WORLD-59
      return ok(right && credential !== null ? credential.position : null);
    } catch {
      return err({ type: 'unavailable' });
    }
  }

  get #directory() {
    const { committed } = this.#doors.ledger;
    return committed.has(directoryStream) ? committed.directory : undefined;
  }
}

/** What is wrong with what a new account is to be, apart from its name. */
function fitness({ displayName, password }: Registration): Refusal | null {
  const line = displayName === null ? ok('') : parseLine(displayName);
  if (!line.ok) return { type: 'bad-display-name', problem: line.error };
  return parsePassword(password);
}
