import type { PersonId } from './ids.ts';

/**
 * A session of an account as it is stored: its secret as a SHA-256, the position of the entry that set the password on which
 * the session rests, until when it lasts (ms since 1970), and the digest of the token with which it ends, if it rests on one.
 */
export type SessionRow = {
  readonly digest: string;
  readonly person: PersonId;
  readonly passwordPosition: number;
  readonly expires: number;
  readonly token?: string;
};

/** A document that a session subscribes to; `document` is a text that only a protocol understands. */
export type SubscriptionRow = { readonly session: string; readonly document: string; readonly person: PersonId };

/** A stored session with the documents that it subscribes to, in no promised order. */
export type StoredSession = SessionRow & { readonly documents: readonly string[] };
