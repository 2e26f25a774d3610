import type { NameProblem } from '../text/names/parse.ts';
import type { TextProblem } from '../text/text.ts';

/** Why a command was refused: everything the world can say no with. Each wire maps every one of them. */
export type Refusal =
  | { readonly type: 'bad-name'; readonly problem: NameProblem }
  | { readonly type: 'name-taken' }
  | { readonly type: 'name-fixed' }
  | { readonly type: 'bad-text'; readonly problem: TextProblem }
  | { readonly type: 'bad-display-name'; readonly problem: TextProblem }
  | { readonly type: 'bad-status'; readonly problem: TextProblem }
  /** A password that is empty, too long, or no hash where a hash is asked for. */
  | { readonly type: 'bad-password' }
  /** The name is unknown or the password is wrong; which of the two is not said. */
  | { readonly type: 'wrong-credentials' }
  /** Too many are at it already; the same may be asked again later. */
  | { readonly type: 'busy' }
  | { readonly type: 'registration-closed' }
  | { readonly type: 'login-switched-off' }
  | { readonly type: 'banned'; readonly reason: string }
  | { readonly type: 'muted' }
  | { readonly type: 'not-found' }
  | { readonly type: 'not-allowed' }
  | { readonly type: 'not-member' }
  /** What a guest may not do, or what cannot be done to a guest. */
  | { readonly type: 'guest' }
  /** What makes no sense with oneself. */
  | { readonly type: 'yourself' }
  /** Nobody can show it to the one it is for, now or later. */
  | { readonly type: 'unreachable' }
  | { readonly type: 'too-many'; readonly what: 'contacts' | 'blocks' | 'rooms' | 'members' }
  /** The same nonce came with other data. */
  | { readonly type: 'nonce-used' }
  | { readonly type: 'too-many-edits' }
  | { readonly type: 'too-fast'; readonly retryAfterMs: number }
  | { readonly type: 'unavailable' }
  | { readonly type: 'stopping' };
