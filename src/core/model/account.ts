import type { PersonId } from './ids.ts';

/** What somebody may do on the whole server. */
export type Role = 'owner' | 'moderator' | 'user';

/** A registered name. The name is fixed; the display name is what its person likes to be called. */
export type Account = {
  readonly person: PersonId;
  readonly name: string;
  readonly skeleton: string;
  readonly displayName: string;
  readonly role: Role;
};
