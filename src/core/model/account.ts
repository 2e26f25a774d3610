import type { PersonId } from './ids.ts';

/** The rights of an account on the whole server. */
export type Role = 'owner' | 'moderator' | 'user';

/** A registered name. The name is fixed; its person may change the display name and the other parts of the profile. */
export type Account = {
  readonly person: PersonId;
  readonly name: string;
  readonly skeleton: string;
  readonly displayName: string;
  readonly role: Role;
  readonly firstName?: string;
  readonly lastName?: string;
  /** The id of an uploaded picture: its SHA-256 as 64 lower-case hex digits. */
  readonly picture?: string;
  /** Only of an account that was deleted, whose name stays taken; ms since 1970. */
  readonly deletedAt?: number;
};

/** What a person changes of the own account; what is missing stays, and null removes. */
export type ProfileChanges = {
  readonly displayName?: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly picture?: string | null;
};

/** The account after a change of its profile. */
export function withProfile(account: Account, changes: ProfileChanges): Account {
  const { firstName, lastName, picture, ...others } = account;
  const after = { displayName: others.displayName, firstName, lastName, picture, ...changes };
  return {
    ...others,
    displayName: after.displayName,
    ...(after.firstName != null && { firstName: after.firstName }),
    ...(after.lastName != null && { lastName: after.lastName }),
    ...(after.picture != null && { picture: after.picture }),
  };
}

/** All names of an account: the fixed one first. */
export function namesOf({ name, displayName, firstName, lastName }: Account): readonly string[] {
  return [name, displayName, firstName ?? [], lastName ?? []].flat();
}

/** Whether two accounts have the same values. */
export function isSameAccount(one: Account, other: Account): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]) as ReadonlySet<keyof Account>;
  return [...fields].every((field) => one[field] === other[field]);
}
