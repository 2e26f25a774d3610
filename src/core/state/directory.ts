import type { Account } from '../model/account.ts';
import type { Ban, DirectoryEntry, TakenName } from '../model/entries.ts';
import type { PersonId, UnitId } from '../model/ids.ts';
import type { Unit, UnitMember } from '../model/unit.ts';
import type { Snapshot } from '../ports.ts';
import { lookOf } from '../text/names/look.ts';

/** What decisions need of the whole server: names that are taken for good, accounts, bans and units. */
export type DirectoryState = {
  position: number;
  readonly names: Map<string, TakenName>;
  /** By skeleton. */
  readonly accounts: Map<string, Account>;
  readonly people: Map<PersonId, Account>;
  /** Deleted accounts, by skeleton and by person. */
  readonly retired: Map<string, Account>;
  readonly deleted: Map<PersonId, Account>;
  readonly bans: Map<string, Ban>;
  /** Without `everyone`. */
  readonly units: Map<UnitId, Unit>;
  /** The people of each unit that somebody is in. */
  readonly unitMembers: Map<UnitId, Set<PersonId>>;
};

/** The directory as loaded from storage. */
export function openDirectory(snapshot: Snapshot): DirectoryState {
  const directory: DirectoryState = {
    position: snapshot.position,
    names: new Map(snapshot.names.map((name) => [name.skeleton, name])),
    accounts: new Map(),
    people: new Map(),
    retired: new Map(),
    deleted: new Map(),
    bans: new Map(snapshot.bans.map((ban) => [ban.skeleton, ban])),
    units: new Map(snapshot.units.map((unit) => [unit.id, unit])),
    unitMembers: new Map(),
  };
  for (const account of snapshot.accounts) keepAccount(directory, account);
  for (const member of snapshot.unitMembers) addToUnit(directory, member);
  return directory;
}

/** A copy that changes independently of the original. */
export function copyDirectory(directory: DirectoryState): DirectoryState {
  return {
    position: directory.position,
    names: new Map(directory.names),
    accounts: new Map(directory.accounts),
    people: new Map(directory.people),
    retired: new Map(directory.retired),
    deleted: new Map(directory.deleted),
    bans: new Map(directory.bans),
    units: new Map(directory.units),
    unitMembers: new Map([...directory.unitMembers].map(([unit, people]) => [unit, new Set(people)])),
  };
}

/** Applies an entry, which must be the next of the stream. */
export function applyToDirectory(directory: DirectoryState, position: number, entry: DirectoryEntry): void {
  directory.position = position;
  switch (entry.type) {
    case 'name-taken':
      directory.names.set(entry.name.skeleton, entry.name);
      return;
    case 'account-created':
    case 'account-changed':
    case 'account-deleted':
      return keepAccount(directory, entry.account);
    case 'unit-created':
    case 'unit-changed':
      directory.units.set(entry.unit.id, entry.unit);
      return;
    case 'unit-removed':
      directory.units.delete(entry.id);
      directory.unitMembers.delete(entry.id);
      return;
    case 'unit-member-added':
      return addToUnit(directory, entry);
    case 'unit-member-removed':
      return removeFromUnit(directory, entry);
    case 'ban-set':
      directory.bans.set(entry.ban.skeleton, entry.ban);
      return;
    case 'ban-lifted':
      directory.bans.delete(entry.skeleton);
      return;
  }
}

function keepAccount(directory: DirectoryState, account: Account): void {
  const isDeleted = account.deletedAt !== undefined;
  const { skeleton, person } = account;
  (isDeleted ? directory.retired : directory.accounts).set(skeleton, account);
  (isDeleted ? directory.deleted : directory.people).set(person, account);
  (isDeleted ? directory.accounts : directory.retired).delete(skeleton);
  (isDeleted ? directory.people : directory.deleted).delete(person);
}

function addToUnit({ unitMembers }: DirectoryState, { unit, person }: UnitMember): void {
  unitMembers.set(unit, (unitMembers.get(unit) ?? new Set()).add(person));
}

function removeFromUnit({ unitMembers }: DirectoryState, { unit, person }: UnitMember): void {
  const people = unitMembers.get(unit);
  people?.delete(person);
  if (people?.size === 0) unitMembers.delete(unit);
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
