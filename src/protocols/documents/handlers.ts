import type { LoginOptions, SubscriptionOptions } from '../../connections/session/session-api.ts';
import type { Version } from '../../views/answer.ts';
import type { Part } from '../../views/view-key.ts';
import type { When } from '../request-gate.ts';
import type { Key, Up, ViewName } from './schema.ts';

/** How a person logs in: the lobby is a room like others. */
export const LOGIN: LoginOptions = { acceptsDirect: true, status: null, lobby: false };

/** Nothing is delivered by itself: clients fetch what they show. */
export const SHOWN: SubscriptionOptions = {
  rooms: 'none',
  history: 0,
  ownMessages: 'all',
  direct: null,
  rosterUpdates: false,
};

/** Which children of a document a client asks for. */
export type ChildrenRequest = {
  readonly key: Key;
  readonly view: ViewName;
  readonly page: number;
  readonly size: number;
  readonly before: number | null;
};

type Class = Extract<Up, { cls: string }>['cls'];

/** When each message is taken. Confirmations are always read, and mean nothing where nothing was sent. */
const taken: { readonly [C in Class]: When } = {
  login: 'outside',
  reconnect: 'outside',
  register: 'until-gone',
  logout: 'inside',
  get_content: 'inside',
  get_children: 'inside',
  patch_content: 'inside',
  add_child: 'inside',
  remove_child: 'inside',
  search: 'inside',
  password: 'inside',
  token: 'inside',
  delete_account: 'inside',
  ban: 'inside',
  invite: 'inside',
  invitation: 'inside',
  end_invitations: 'inside',
  subscribe: 'inside',
  revoke: 'inside',
  typing: 'inside',
  changed: 'always',
};

/** When a message of this class is taken. What is no known class can be told so at any time. */
export function whenTaken(cls: string | undefined): When {
  return cls !== undefined && Object.hasOwn(taken, cls) ? taken[cls as Class] : 'always'; // DOC-11 DOC-81
}

/** The views of a document's children, the usual one first; empty for a document that has none. */
const views: { readonly [T in Key['type']]: readonly ViewName[] } = {
  user: [],
  msg: [],
  member: [],
  room: ['desc', 'asc'],
  rooms: ['recent', 'asc', 'desc'],
  conversations: ['recent', 'asc', 'desc'],
  fav: ['asc', 'desc', 'asc_pres_first', 'desc_pres_first'],
  blocked: ['asc', 'desc', 'asc_pres_first', 'desc_pres_first'],
  members: ['asc', 'desc', 'asc_pres_first', 'desc_pres_first'],
  unit: ['asc', 'desc', 'asc_pres_first', 'desc_pres_first'],
  index: ['asc', 'desc', 'asc_pres_first', 'desc_pres_first'],
};

/** The parts of a document that can change, or be hidden some day. */
export function partsOf({ type }: Key): readonly Part[] {
  if (views[type].length === 0) return ['content'];
  const isOwnList = type === 'rooms' || type === 'conversations' || type === 'fav' || type === 'blocked';
  return isOwnList ? ['children'] : ['content', 'children']; // DOC-119
}

/** The view that a client asks for, or the usual one; null if this document has no such view. */
export function viewOf({ type }: Key, asked: ViewName | undefined): ViewName | null {
  const [usual = null] = views[type];
  if (asked === undefined) return usual; // DOC-84
  return views[type].includes(asked) ? asked : null; // DOC-84
}

/** What a client says of the version that it has. */
export function versionOf(ver: readonly [string, number] | undefined): Version | null {
  return ver === undefined ? null : { identity: ver[0], number: ver[1] };
}
