import type { Account } from '../model/account.ts';
import type { PresenceRecord } from '../model/bus-message.ts';
import type { PersonId } from '../model/ids.ts';
import type { Person } from '../model/person.ts';
import { isVisible } from '../presence/presence.ts';
import { parseName } from '../text/names/parse.ts';
import { AVAILABLE, type Status } from '../text/status.ts';
import type { ServiceContext } from './context.ts';

const OFFLINE: Status = { presence: 'offline', text: null, spelling: 'Offline' };

/** The part of a profile that is the same for every viewer. */
export type PersonView = {
  readonly id: PersonId;
  readonly name: string;
  readonly displayName: string;
  readonly status: Status;
  readonly guest: boolean;
};

/** All people: accounts, and guests while they are present. Every answer comes from committed state in memory. */
export class People {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** All people who are present and visible, in order of entering. */
  get visible(): PresenceRecord[] {
    return [...this.#context.presence.all].filter(isVisible); // WORLD-62
  }

  /** All people who are present, also invisible ones: only the operator may know (WORLD-62). */
  get present(): PresenceRecord[] {
    return [...this.#context.presence.all];
  }

  /** On how many nodes the person is present. */
  nodesOf(person: PersonId): number {
    return this.#context.presence.nodesOf(person).length;
  }

  /** The accounts, in the order in which they were made. */
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

  /** The person whose deleted account had this name. */
  deletedNamed(name: string): Person | undefined {
    const parsed = parseName(name);
    const account = parsed.ok ? this.#context.directory?.retired.get(parsed.value.skeleton) : undefined;
    return account && { id: account.person, name: account.name };
  }

  /** Whether an account has or had a name of this skeleton. */
  isAccountName(skeleton: string): boolean {
    return this.accountNamed(skeleton) !== undefined || this.#context.directory?.retired.has(skeleton) === true;
  }

  /** The person of this name: an account, or a guest who is present and visible. */
  find(name: string): Person | undefined {
    const parsed = parseName(name);
    if (!parsed.ok) return undefined;
    const account = this.accountNamed(parsed.value.skeleton);
    if (account !== undefined) return { id: account.person, name: account.name };
    const holder = this.#context.presence.holderOf(parsed.value.skeleton);
    return holder !== undefined && isVisible(holder) ? { id: holder.person, name: holder.name } : undefined; // WORLD-62
  }

  /** Whether a person has this name, also an invisible one: only the operator may know (WORLD-62). */
  isNameInUse(name: string): boolean {
    const parsed = parseName(name);
    if (!parsed.ok) return false;
    const { skeleton } = parsed.value;
    return this.accountNamed(skeleton) !== undefined || this.#context.presence.holderOf(skeleton) !== undefined;
  }

  /**
   * What every viewer sees of a person: offline if absent or invisible (WORLD-62). Undefined for a guest who is absent or
   * invisible.
   */
  view(person: PersonId): PersonView | undefined {
    const account = this.account(person);
    const record = this.#context.presence.get(person);
    if (account === undefined && (record === undefined || !isVisible(record))) return undefined;
    const name = account?.name ?? record?.name ?? '';
    const status = record !== undefined && isVisible(record) ? record.status : OFFLINE; // WORLD-62
    return { id: person, name, displayName: account?.displayName ?? name, status, guest: account === undefined };
  }

  /** The person's own status, as the person set it. */
  statusOf(person: PersonId): Status {
    return this.#context.presence.get(person)?.status ?? AVAILABLE;
  }

  /** Whether a connection of the person would show a direct message now; an invisible person counts as away (WORLD-83). */
  acceptsDirect(person: PersonId): boolean {
    const record = this.#context.presence.get(person);
    return record !== undefined && isVisible(record) && record.acceptsDirect; // WORLD-83
  }

  /** The contacts of a person who is present on this node; empty for others. */
  contactsOf(person: PersonId): ReadonlySet<PersonId> {
    return this.#context.person(person)?.contacts ?? new Set();
  }

  /** The people blocked by a person who is present on this node; empty for others. */
  blocksOf(person: PersonId): ReadonlySet<PersonId> {
    return this.#context.person(person)?.blocks ?? new Set();
  }
}
