import { PersistentMap } from '../../lib/persistent/persistent-map.ts';
import type { Account } from '../model/account.ts';
import type { Ban, DirectoryEntry, TakenName } from '../model/entries.ts';
import type { PersonId, UnitId } from '../model/ids.ts';
import type { Unit, UnitMember } from '../model/unit.ts';
import type { Snapshot } from '../ports.ts';
import { lookOf } from '../text/names/look.ts';

/** The people of a unit that somebody is in. */
type UnitPeople = { readonly unit: UnitId; readonly people: PersistentMap<PersonId, PersonId> };

/**
 * What decisions need of the whole server: names that are taken for good, accounts, bans and units. It is immutable: an entry
 * makes a new one, which shares nearly everything with the one before.
 */
export type DirectoryState = {
  readonly position: number;
  readonly names: PersistentMap<string, TakenName>;
  /** By skeleton. */
  readonly accounts: PersistentMap<string, Account>;
  readonly people: PersistentMap<PersonId, Account>;
  /** Deleted accounts, by skeleton and by person. */
  readonly retired: PersistentMap<string, Account>;
  readonly deleted: PersistentMap<PersonId, Account>;
  readonly bans: PersistentMap<string, Ban>;
  /** Without `everyone`. */
  readonly units: PersistentMap<UnitId, Unit>;
  /** The units that somebody is in. */
  readonly unitMembers: PersistentMap<UnitId, UnitPeople>;
};

/** Every node holds the directory in memory, so it has a bound: see the decision "directory-in-memory". */
export const MOST_IN_DIRECTORY = 1_000_000;

const BY_SKELETON = PersistentMap.empty(({ skeleton }: Account) => skeleton);
const BY_PERSON = PersistentMap.empty(({ person }: Account) => person);
const NOBODY = PersistentMap.empty((person: PersonId) => person);

const EMPTY: DirectoryState = {
  position: 0,
  names: PersistentMap.empty(({ skeleton }: TakenName) => skeleton),
  accounts: BY_SKELETON,
  people: BY_PERSON,
  retired: BY_SKELETON,
  deleted: BY_PERSON,
  bans: PersistentMap.empty(({ skeleton }: Ban) => skeleton),
  units: PersistentMap.empty(({ id }: Unit) => id),
  unitMembers: PersistentMap.empty(({ unit }: UnitPeople) => unit),
};

/** The directory as loaded from storage. */
export function openDirectory({ position, names, accounts, bans, units, unitMembers }: Snapshot): DirectoryState {
  const living = accounts.filter(({ deletedAt }) => deletedAt === undefined);
  const deleted = accounts.filter(({ deletedAt }) => deletedAt !== undefined);
  const byUnit = [...Map.groupBy(unitMembers, ({ unit }) => unit)];
  return {
    position,
    names: EMPTY.names.withAll(names),
    accounts: BY_SKELETON.withAll(living),
    people: BY_PERSON.withAll(living),
    retired: BY_SKELETON.withAll(deleted),
    deleted: BY_PERSON.withAll(deleted),
    bans: EMPTY.bans.withAll(bans),
    units: EMPTY.units.withAll(units),
    unitMembers: EMPTY.unitMembers.withAll(
      byUnit.map(([unit, members]) => ({ unit, people: NOBODY.withAll(members.map(({ person }) => person)) })),
    ),
  };
}

/** The directory after an entry, which must be the next of the stream. */
export function directoryAfter(directory: DirectoryState, position: number, entry: DirectoryEntry): DirectoryState {
  return { ...directory, position, ...changeOf(directory, entry) };
}

function changeOf(directory: DirectoryState, entry: DirectoryEntry): Partial<DirectoryState> {
  const { names, bans, units, unitMembers } = directory;
  switch (entry.type) {
    case 'name-taken':
      return { names: names.with(entry.name) };
    case 'account-created':
    case 'account-changed':
    case 'account-deleted':
      return withAccount(directory, entry.account);
    case 'unit-created':
    case 'unit-changed':
      return { units: units.with(entry.unit) };
    case 'unit-removed':
      return { units: units.without(entry.id), unitMembers: unitMembers.without(entry.id) };
    case 'unit-member-added':
      return {
        unitMembers: unitMembers.with({ unit: entry.unit, people: peopleOf(directory, entry.unit).with(entry.person) }),
      };
    case 'unit-member-removed':
      return { unitMembers: withoutMember(directory, entry) };
    case 'ban-set':
      return { bans: bans.with(entry.ban) };
    case 'ban-lifted':
      return { bans: bans.without(entry.skeleton) };
  }
}

function withAccount(directory: DirectoryState, account: Account): Partial<DirectoryState> {
  const { accounts, people, retired, deleted } = directory;
  const { skeleton, person } = account;
  if (account.deletedAt === undefined)
    return {
      accounts: accounts.with(account),
      people: people.with(account),
      retired: retired.without(skeleton),
      deleted: deleted.without(person),
    };
  return {
    accounts: accounts.without(skeleton),
    people: people.without(person),
    retired: retired.with(account),
    deleted: deleted.with(account),
  };
}

function withoutMember(directory: DirectoryState, { unit, person }: UnitMember): DirectoryState['unitMembers'] {
  const people = peopleOf(directory, unit).without(person);
  return people.size === 0 ? directory.unitMembers.without(unit) : directory.unitMembers.with({ unit, people });
}

/** The people who are in a unit itself. */
export function peopleOf({ unitMembers }: DirectoryState, unit: UnitId): PersistentMap<PersonId, PersonId> {
  return unitMembers.get(unit)?.people ?? NOBODY;
}

/** The ban in force against names of this skeleton, if there is one (WORLD-31). */
export function banOn(directory: DirectoryState, skeleton: string, now: number): Ban | undefined {
  const ban = directory.bans.get(skeleton);
  return ban !== undefined && (ban.until === null || ban.until > now) ? ban : undefined; // WORLD-31 WORLD-110
}

/** Whether a display name looks like the name of an account other than this person's. */
export function isNameOfAnother(directory: DirectoryState, displayName: string, person: PersonId): boolean {
  const look = lookOf(displayName);
  const holder = directory.accounts.get(look) ?? directory.retired.get(look); // WORLD-100 WORLD-120
  return holder !== undefined && holder.person !== person; // WORLD-100
}

/** Whether a room or an account has a name of this skeleton for good (WORLD-10), or a deleted account had it (WORLD-120). */
export function isTaken({ names, accounts, retired }: DirectoryState, skeleton: string): boolean {
  return names.has(skeleton) || accounts.has(skeleton) || retired.has(skeleton); // WORLD-10 WORLD-120
}

/** Whether no more accounts, with deleted ones, or no more groups fit into the directory. */
export function isFullOf(what: 'accounts' | 'groups', { accounts, retired, names }: DirectoryState): boolean {
  const size = what === 'accounts' ? accounts.size + retired.size : names.size;
  return size >= MOST_IN_DIRECTORY; // WORLD-300
}
