/** Why a command was refused: everything the world can say no with. Each wire maps every one of them. */
export type Refusal =
  | { readonly type: 'bad-name'; readonly problem: NameProblem }
  | { readonly type: 'name-taken' }
  | { readonly type: 'name-fixed' }
  | { readonly type: 'bad-text'; readonly problem: TextProblem }
  | { readonly type: 'banned'; readonly reason: string }
  | { readonly type: 'muted' }
  | { readonly type: 'not-found' }
  | { readonly type: 'not-allowed' }
  | { readonly type: 'too-many-edits' }
  | { readonly type: 'too-fast'; readonly retryAfterMs: number }
  | { readonly type: 'unavailable' }
  | { readonly type: 'stopping' };

/** What is wrong with a name (NAME rules). */
export type NameProblem = 'empty' | 'too-long' | 'reserved' | 'character' | 'direction' | 'context';

/** What is wrong with a text (TEXT rules). */
export type TextProblem = 'empty' | 'too-long' | 'control' | 'encoding';
