import type { Account } from './account.ts';
import type { Doors } from './doors.ts';
import type { Person } from './events.ts';
import type { Contribution } from './hints.ts';
import { directoryStream, type PersonId, personStream } from './ids.ts';
import { parseName } from './names/parse.ts';
import { isVisible } from './presence.ts';
import { AVAILABLE, type Status } from './status.ts';

const OFFLINE: Status = { presence: 'offline', text: null, spelling: 'Offline' };

/** A person as everybody may see one. */
export type PersonView = {
  readonly id: PersonId;
  readonly name: string;
  readonly displayName: string;
  readonly status: Status;
  readonly guest: boolean;
};

/** Who there is: accounts, and guests while they are here. All of it is committed, and known at once. */
export class People {
  readonly #doors: Doors;

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  /** Everybody who is present and visible, in order of entering. */
  get visible(): Contribution[] {
    return [...this.#doors.presence.all].filter(isVisible); // WORLD-62
  }

  /** The accounts, in order of making. */
  get accounts(): Iterable<Account> {
    return this.#directory?.people.values() ?? [];
  }

  account(person: PersonId): Account | undefined {
    return this.#directory?.people.get(person);
  }

  /** The account whose name has this skeleton. */
  accountNamed(skeleton: string): Account | undefined {
    return this.#directory?.accounts.get(skeleton);
  }

  /** Whose name this is: an account's, or that of somebody who is here. */
  find(name: string): Person | undefined {
    const parsed = parseName(name);
    if (!parsed.ok) return undefined;
    const account = this.accountNamed(parsed.value.skeleton);
    if (account !== undefined) return { id: account.person, name: account.name };
    const bearer = this.#doors.presence.bearer(parsed.value.skeleton);
    return bearer !== undefined && isVisible(bearer) ? { id: bearer.person, name: bearer.name } : undefined; // WORLD-62
  }

  /** Whether anybody has this name, the invisible too: only for the operator (WORLD-62). */
  isBorne(name: string): boolean {
    const parsed = parseName(name);
    if (!parsed.ok) return false;
    const { skeleton } = parsed.value;
    return this.accountNamed(skeleton) !== undefined || this.#doors.presence.bearer(skeleton) !== undefined;
  }

  /** The person as others see one; whoever is not here, or invisible, is offline (WORLD-62). */
  view(person: PersonId): PersonView | undefined {
    const account = this.account(person);
    const here = this.#doors.presence.get(person);
    if (account === undefined && (here === undefined || !isVisible(here))) return undefined;
    const name = account?.name ?? here?.name ?? '';
    const status = here !== undefined && isVisible(here) ? here.status : OFFLINE; // WORLD-62
    return { id: person, name, displayName: account?.displayName ?? name, status, guest: account === undefined };
  }

  /** The person's own status as the person gave it. */
  statusOf(person: PersonId): Status {
    return this.#doors.presence.get(person)?.status ?? AVAILABLE;
  }

  /** Whether a connection of the person would show a direct message now; the invisible are as good as away (WORLD-83). */
  isReachable(person: PersonId): boolean {
    const here = this.#doors.presence.get(person);
    return here !== undefined && isVisible(here) && here.reachable; // WORLD-83
  }

  /** The contacts of a person who is here; none where they are not known. */
  contactsOf(person: PersonId): ReadonlySet<PersonId> {
    return this.#state(person)?.contacts ?? new Set();
  }

  /** Whom a person who is here blocks; nobody where that is not known. */
  blocksOf(person: PersonId): ReadonlySet<PersonId> {
    return this.#state(person)?.blocks ?? new Set();
  }

  #state(person: PersonId) {
    const { committed } = this.#doors.ledger;
    return committed.has(personStream(person)) ? committed.person(person) : undefined;
  }

  get #directory() {
    const { committed } = this.#doors.ledger;
    return committed.has(directoryStream) ? committed.directory : undefined;
  }
}
