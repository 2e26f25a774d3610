import type { NameProblem } from '../text/names/parse.ts';
import type { TextProblem } from '../text/text.ts';

/** Why a command was refused. Each protocol maps every one of them to an error. */
export type Refusal =
  | { readonly type: 'bad-name'; readonly problem: NameProblem }
  /** A room or somebody who is here has the name. */
  | { readonly type: 'name-taken' }
  /** The name belongs to an account: only its person has it, by logging in. */
  | { readonly type: 'name-registered' }
  | { readonly type: 'name-fixed' }
  | { readonly type: 'bad-text'; readonly problem: TextProblem }
  | { readonly type: 'bad-display-name'; readonly problem: TextProblem }
  /** It looks like the name of another account. */
  | { readonly type: 'display-name-taken' }
  | { readonly type: 'bad-status'; readonly problem: TextProblem }
  /** A time that has to come has passed. */
  | { readonly type: 'bad-time' }
  /** The password is empty, too long, or no hash where a hash is required. */
  | { readonly type: 'bad-password' }
  /** The name is unknown or the password is wrong; the answer does not say which. */
  | { readonly type: 'wrong-credentials' }
  /** Too many passwords wait to be checked, or storage is too busy to search; the client may try again later. */
  | { readonly type: 'busy' }
  | { readonly type: 'registration-closed' }
  | { readonly type: 'login-switched-off' }
  | { readonly type: 'banned'; readonly reason: string }
  | { readonly type: 'muted' }
  | { readonly type: 'not-found' }
  | { readonly type: 'not-allowed' }
  | { readonly type: 'not-member' }
  /** A guest may not do this, or it cannot be done to a guest. */
  | { readonly type: 'guest' }
  /** The command makes no sense with oneself. */
  | { readonly type: 'yourself' }
  /** The receiver has no connection that can show it, and will have none later. */
  | { readonly type: 'unreachable' }
  | {
      readonly type: 'too-many';
      readonly what: 'contacts' | 'blocks' | 'rooms' | 'members' | 'units' | 'levels' | 'uploads' | 'invitations';
    }
  /** The server holds as many of these as it can, all people's together. */
  | { readonly type: 'server-full'; readonly what: 'accounts' | 'groups' }
  /** The same nonce came with other data. */
  | { readonly type: 'nonce-used' }
  /** It is no longer as the client saw it. */
  | { readonly type: 'conflict' }
  | { readonly type: 'too-many-edits' }
  | { readonly type: 'too-fast'; readonly retryAfterMs: number }
  | { readonly type: 'unavailable' }
  | { readonly type: 'stopping' };
