import type { Account } from '../model/account.ts';
import type { ServiceContext } from './context.ts';
import type { Person } from '../model/person.ts';
import type { PresenceRecord } from '../model/bus-message.ts';
import type { PersonId } from '../model/ids.ts';
import { parseName } from '../text/names/parse.ts';
import { isVisible } from '../presence/presence.ts';
import { AVAILABLE, type Status } from '../text/status.ts';

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
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Everybody who is present and visible, in order of entering. */
  get visible(): PresenceRecord[] {
    return [...this.#context.presence.all].filter(isVisible); // WORLD-62
  }

  /** The accounts, in order of making. */
  get accounts(): Iterable<Account> {
    return this.#context.directory?.people.values() ?? [];
  }

  account(person: PersonId): Account | undefined {
    return this.#context.directory?.people.get(person);
  }

  /** The account whose name has this skeleton. */
  accountNamed(skeleton: string): Account | undefined {
    return this.#context.directory?.accounts.get(skeleton);
  }

  /** Whose name this is: an account's, or that of somebody who is here. */
  find(name: string): Person | undefined {
    const parsed = parseName(name);
    if (!parsed.ok) return undefined;
    const account = this.accountNamed(parsed.value.skeleton);
    if (account !== undefined) return { id: account.person, name: account.name };
    const holder = this.#context.presence.holderOf(parsed.value.skeleton);
    return holder !== undefined && isVisible(holder) ? { id: holder.person, name: holder.name } : undefined; // WORLD-62
  }

  /** Whether anybody has this name, the invisible too: only for the operator (WORLD-62). */
  isNameInUse(name: string): boolean {
    const parsed = parseName(name);
    if (!parsed.ok) return false;
    const { skeleton } = parsed.value;
    return this.accountNamed(skeleton) !== undefined || this.#context.presence.holderOf(skeleton) !== undefined;
  }

  /** The person as others see one; whoever is not here, or invisible, is offline (WORLD-62). */
  view(person: PersonId): PersonView | undefined {
    const account = this.account(person);
    const here = this.#context.presence.get(person);
    if (account === undefined && (here === undefined || !isVisible(here))) return undefined;
    const name = account?.name ?? here?.name ?? '';
    const status = here !== undefined && isVisible(here) ? here.status : OFFLINE; // WORLD-62
    return { id: person, name, displayName: account?.displayName ?? name, status, guest: account === undefined };
  }

  /** The person's own status as the person gave it. */
  statusOf(person: PersonId): Status {
    return this.#context.presence.get(person)?.status ?? AVAILABLE;
  }

  /** Whether a connection of the person would show a direct message now; the invisible are as good as away (WORLD-83). */
  acceptsDirect(person: PersonId): boolean {
    const here = this.#context.presence.get(person);
    return here !== undefined && isVisible(here) && here.acceptsDirect; // WORLD-83
  }

  /** The contacts of a person who is here; none where they are not known. */
  contactsOf(person: PersonId): ReadonlySet<PersonId> {
    return this.#context.person(person)?.contacts ?? new Set();
  }

  /** Whom a person who is here blocks; nobody where that is not known. */
  blocksOf(person: PersonId): ReadonlySet<PersonId> {
    return this.#context.person(person)?.blocks ?? new Set();
  }
}
