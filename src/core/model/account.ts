import type { PersonId } from './ids.ts';

/** The rights of an account on the whole server. */
export type Role = 'owner' | 'moderator' | 'user';

/** A registered name. The name is fixed; its person may change the display name. */
export type Account = {
  readonly person: PersonId;
  readonly name: string;
  readonly skeleton: string;
  readonly displayName: string;
  readonly role: Role;
  /** Only of an account that was deleted, whose name stays taken; ms since 1970. */
  readonly deletedAt?: number;
};
