import type { Refusal } from '../../core/model/refusals.ts';
import { lineProblems, refusalText } from '../refusal-text.ts';
import type { ErrorAnswer } from './schema.ts';

/** Why documents refuses something for reasons that the world does not know. */
export type OwnRefusal =
  | { readonly type: 'not-logged-in' }
  | { readonly type: 'already-logged-in' }
  | { readonly type: 'unknown-session' }
  | { readonly type: 'unknown-view' }
  | { readonly type: 'unknown-page' }
  /** With a patch, a document would have too many bytes. */
  | { readonly type: 'too-large' }
  | { readonly type: 'too-many-subscriptions' }
  | { readonly type: 'internal' };

/** What an answer repeats of its request. */
export type Heading = { readonly id?: string; readonly cls?: string };

/** An error without its heading: `part` is the last part of its code, and `retryAfter` is in whole seconds. */
export type Problem = {
  readonly status: number;
  readonly part: number;
  readonly msg: string;
  readonly retryAfter?: number;
};

type AnyRefusal = Refusal | OwnRefusal;
type Errors = {
  readonly [T in AnyRefusal['type']]: readonly [
    status: number,
    part: number,
    textOf: (refusal: Extract<AnyRefusal, { type: T }>) => string,
  ];
};

const errors: Errors = {
  'bad-name': [400, 0, refusalText], // DOC-40
  'bad-text': [400, 0, refusalText],
  'bad-display-name': [400, 0, ({ problem }) => `this display name ${lineProblems[problem]}`],
  'bad-status': [400, 0, ({ problem }) => `this status ${lineProblems[problem]}`],
  'bad-password': [400, 0, refusalText],
  'bad-time': [400, 0, refusalText],
  'not-logged-in': [401, 10, () => 'not logged in'], // DOC-43
  'already-logged-in': [403, 10, () => 'already logged in'], // DOC-43
  'unknown-session': [401, 20, () => 'this session is unknown or has expired'], // DOC-44
  'wrong-credentials': [401, 30, () => 'Invalid Credential'], // DOC-41
  banned: [403, 40, refusalText],
  muted: [403, 40, refusalText],
  'name-fixed': [403, 40, refusalText],
  'not-allowed': [403, 40, refusalText],
  'not-member': [403, 40, refusalText],
  guest: [403, 40, () => 'guests cannot do that, and it cannot be done to them'],
  yourself: [403, 40, refusalText],
  unreachable: [403, 40, refusalText],
  'registration-closed': [403, 40, refusalText],
  'login-switched-off': [403, 40, refusalText],
  'too-many': [403, 50, refusalText],
  'server-full': [403, 50, refusalText],
  'too-many-edits': [403, 50, refusalText],
  'too-many-subscriptions': [403, 50, () => 'too many subscriptions'],
  'too-large': [403, 50, () => 'with this patch the document is too large'],
  'not-found': [404, 20, () => 'there is no such document'], // DOC-44
  'unknown-view': [404, 21, () => 'this document has no such view'], // DOC-44
  'unknown-page': [404, 22, () => 'this view has no such page'], // DOC-44
  conflict: [409, 30, () => 'Version Conflict'], // DOC-41
  'name-taken': [409, 30, refusalText],
  'name-registered': [409, 30, refusalText],
  'display-name-taken': [409, 30, refusalText],
  'nonce-used': [409, 30, refusalText],
  internal: [500, 99, () => 'an internal error'],
  unavailable: [500, 99, refusalText],
  busy: [503, 50, refusalText], // DOC-42
  'too-fast': [503, 50, refusalText], // DOC-42
  stopping: [503, 50, refusalText],
};

/** The class of a request in the codes of its errors; every other one has 0 (DOC-12). */
const classes: ReadonlyMap<string | undefined, number> = new Map([
  ['login', 1],
  ['reconnect', 2],
  ['logout', 3],
  ['get_content', 4],
  ['get_children', 5],
  ['patch_content', 6],
  ['add_child', 7],
  ['subscribe', 8],
  ['revoke', 9],
  ['changed', 10],
  ['remove_child', 11],
  ['register', 12],
  ['search', 13],
  ['typing', 14],
  ['password', 15],
  ['delete_account', 16],
  ['ban', 17],
  ['token', 18],
  ['invite', 19],
  ['invitation', 20],
  ['end_invitations', 21],
]);

/** The error for a problem with the request of this heading. */
export function errorAnswer(heading: Heading, { status, part, msg, retryAfter }: Problem): ErrorAnswer {
  const code = status * 10_000 + (classes.get(heading.cls) ?? 0) * 100 + part; // DOC-12
  return {
    type: 'error',
    ...heading,
    status,
    data: { code, msg, ...(retryAfter === undefined ? {} : { retry_after: retryAfter }) },
  };
}

/** The error for a refusal of the request of this heading. */
export function refused<T extends AnyRefusal['type']>(
  heading: Heading,
  refusal: Extract<AnyRefusal, { type: T }>,
): ErrorAnswer {
  const [usual, part, textOf]: Errors[T] = errors[refusal.type];
  const status = refusal.type === 'already-logged-in' && heading.cls === 'login' ? 401 : usual; // DOC-43
  return errorAnswer(heading, { status, part, msg: textOf(refusal), ...retryAfter(refusal) });
}

/** The error for what cannot be read. */
export function unreadable(msg: string): ErrorAnswer {
  return errorAnswer({}, { status: 400, part: 0, msg }); // DOC-06
}

/** The last words to a person who is removed. */
export function farewell(msg: string): ErrorAnswer {
  return errorAnswer({}, { status: 403, part: 0, msg }); // DOC-34
}

function retryAfter(refusal: AnyRefusal): { retryAfter?: number } {
  if (refusal.type === 'busy') return { retryAfter: 1 }; // DOC-42
  if (refusal.type !== 'too-fast') return {}; // DOC-42
  return { retryAfter: Math.max(1, Math.ceil(refusal.retryAfterMs / 1000)) };
}
