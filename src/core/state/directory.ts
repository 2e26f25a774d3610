import type { Account } from '../model/account.ts';
import type { Ban, DirectoryEntry, TakenName } from '../model/entries.ts';
import type { PersonId } from '../model/ids.ts';
import type { Snapshot } from '../ports.ts';

/** What decisions need of the whole server: names that are taken for good, accounts and bans. */
export type DirectoryState = {
  position: number;
  readonly names: Map<string, TakenName>;
  /** By skeleton. */
  readonly accounts: Map<string, Account>;
  readonly people: Map<PersonId, Account>;
  readonly bans: Map<string, Ban>;
};

/** The directory as loaded from storage. */
export function openDirectory(snapshot: Snapshot): DirectoryState {
  return {
    position: snapshot.position,
    names: new Map(snapshot.names.map((name) => [name.skeleton, name])),
    accounts: new Map(snapshot.accounts.map((account) => [account.skeleton, account])),
    people: new Map(snapshot.accounts.map((account) => [account.person, account])),
    bans: new Map(snapshot.bans.map((ban) => [ban.skeleton, ban])),
  };
}

/** A copy that changes independently of the original. */
export function copyDirectory(directory: DirectoryState): DirectoryState {
  return {
    position: directory.position,
    names: new Map(directory.names),
    accounts: new Map(directory.accounts),
    people: new Map(directory.people),
    bans: new Map(directory.bans),
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
      directory.accounts.set(entry.account.skeleton, entry.account);
      directory.people.set(entry.account.person, entry.account);
      return;
    case 'ban-set':
      directory.bans.set(entry.ban.skeleton, entry.ban);
      return;
    case 'ban-lifted':
      directory.bans.delete(entry.skeleton);
      return;
  }
}

/** The ban in force against names of this skeleton, if there is one (WORLD-31). */
export function banOn(directory: DirectoryState, skeleton: string, now: number): Ban | undefined {
  const ban = directory.bans.get(skeleton);
  return ban !== undefined && (ban.until === null || ban.until > now) ? ban : undefined; // WORLD-31 WORLD-110
}

/** Whether a room or an account has a name of this skeleton for good (WORLD-10). */
export function isTaken(directory: DirectoryState, skeleton: string): boolean {
  return directory.names.has(skeleton) || directory.accounts.has(skeleton); // WORLD-10
}
