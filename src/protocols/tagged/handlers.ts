import type { Card, Change, Coming, Peer, Speech } from '../../connections/peer.ts';
import type { Post } from '../../core/messages.ts';
import type { Password } from '../../core/ports.ts';
import { done, type Outcome } from './replies.ts';
import type { Font, FontParts, Up, UpOf } from './schema.ts';
import { completeFont } from './spelling.ts';

const PAGE = 50;

/** What a request comes to: something asked of the peer, or an answer at once. */
export type Ask =
  | {
      readonly type: 'login';
      readonly name: string;
      readonly password: Password | null;
      readonly coming: Coming;
      readonly echo: boolean;
    }
  | {
      readonly type: 'register';
      readonly name: string;
      readonly displayName: string | null;
      readonly password: Password;
    }
  | { readonly type: 'leave' }
  | { readonly type: 'speak'; readonly speech: Speech }
  | { readonly type: 'change'; readonly change: Change; readonly outcome: Outcome }
  | {
      readonly type: 'history';
      readonly of: 'user' | 'group';
      readonly name: string;
      readonly before: string | null;
      readonly limit: number;
    }
  | { readonly type: 'own-groups' }
  | { readonly type: 'groups'; readonly names: readonly string[] }
  | { readonly type: 'friends'; readonly cards: readonly Card[] }
  | { readonly type: 'users'; readonly cards: readonly (Card | null)[] };

type Page = { readonly before?: string; readonly limit?: number };

/** What a handler may look at; it changes nothing. */
export type View = { readonly font: Font; readonly peer: Pick<Peer, 'users' | 'friends'> };

/** When a request may come: `before` somebody logged in, `after`, or at any time. */
type When = 'before' | 'after' | 'always';

type Handlers = {
  readonly [M in Up['message']]: { readonly when: When; readonly ask: (request: UpOf<M>, view: View) => Ask };
};

/** One line a request: when it may come, and what it asks for. */
const handlers: Handlers = {
  login: { when: 'before', ask: login },
  logout: { when: 'always', ask: () => ({ type: 'leave' }) }, // TAG-47
  register: { when: 'always', ask: register },
  'chat.user': { when: 'after', ask: chatUser },
  'chat.group': { when: 'after', ask: (request, view) => speak('group', request, view) },
  'chat.edit': { when: 'after', ask: edit },
  'chat.delete': { when: 'after', ask: ({ id }) => ({ type: 'speak', speech: { type: 'delete', message: id } }) },
  'list.friends': { when: 'after', ask: (_, { peer }) => ({ type: 'friends', cards: peer.friends() }) },
  'list.groups': { when: 'after', ask: () => ({ type: 'own-groups' }) },
  'detail.users': {
    when: 'after',
    ask: ({ usernames }, { peer }) => ({ type: 'users', cards: peer.users(usernames) }),
  },
  'detail.groups': { when: 'after', ask: ({ groupnames }) => ({ type: 'groups', names: groupnames }) },
  'me.name': { when: 'after', ask: ({ display_name: text }) => change({ type: 'display-name', text }, 200) },
  'me.status': { when: 'after', ask: ({ status: text }) => change({ type: 'status', text }, 200) },
  'me.password': {
    when: 'after',
    ask: (request) => change({ type: 'password', old: hashed(request.old), fresh: hashed(request.new) }, 200),
  },
  'friend.add': { when: 'after', ask: ({ username: name }) => change({ type: 'contact', name, on: true }, 200) },
  'friend.remove': { when: 'after', ask: ({ username: name }) => change({ type: 'contact', name, on: false }, 205) },
  'block.add': { when: 'after', ask: ({ username: name }) => change({ type: 'block', name, on: true }, 200) },
  'block.remove': { when: 'after', ask: ({ username: name }) => change({ type: 'block', name, on: false }, 205) },
  'group.create': {
    when: 'after',
    ask: ({ groupname: name, display_name }) =>
      change({ type: 'create-group', name, displayName: display_name ?? null }, 201), // TAG-57
  },
  'group.join': { when: 'after', ask: ({ groupname: name }) => change({ type: 'join-group', name }, 200) },
  'group.leave': { when: 'after', ask: ({ groupname: name }) => change({ type: 'leave-group', name }, 205) },
  'history.user': { when: 'after', ask: (request) => history('user', request.username, request) },
  'history.group': { when: 'after', ask: (request) => history('group', request.groupname, request) },
};

/** Looks a request up in the table. */
export function handlerOf<M extends Up['message']>(request: UpOf<M>): { readonly when: When; ask(view: View): Ask } {
  const handler: Handlers[M] = handlers[request.message];
  return { when: handler.when, ask: (view) => handler.ask(request, view) };
}

function login({ username, password, initial_status, echo = false }: UpOf<'login'>): Ask {
  const coming = { reachable: true, status: initial_status ?? null, lobby: false }; // TAG-46
  return { type: 'login', name: username, password: password === undefined ? null : hashed(password), coming, echo }; // TAG-43
}

function register({ username, password, display_name }: UpOf<'register'>): Ask {
  return { type: 'register', name: username, displayName: display_name ?? null, password: hashed(password) };
}

/** Users and groups share one name space, so that a name that no user has may be a group's. */
function chatUser(request: UpOf<'chat.user'>, view: View): Ask {
  const [user = null] = view.peer.users([request.to]);
  return speak(user === null ? 'group' : 'direct', request, view); // TAG-71
}

function speak(type: 'direct' | 'group', request: UpOf<'chat.user' | 'chat.group'>, { font }: View): Ask {
  const { to, body, timestamp, nonce } = request;
  const post: Post = {
    text: body,
    clientTime: timestamp,
    ...fontOf(request.font, font),
    ...(nonce === undefined ? {} : { nonce }), // TAG-74
  };
  return { type: 'speak', speech: { type, to, post } };
}

function edit({ id, body, font: parts }: UpOf<'chat.edit'>, { font }: View): Ask {
  return { type: 'speak', speech: { type: 'edit', message: id, text: body, ...fontOf(parts, font) } };
}

/** A font of which no part fits is none, so that a new default holds for it too. */
function fontOf(parts: FontParts | undefined, byDefault: Font): { font?: Font } {
  const fits = parts !== undefined && Object.keys(parts).length > 0; // TAG-17
  return fits ? { font: completeFont(parts, byDefault) } : {};
}

function history(of: 'user' | 'group', name: string, { before, limit = PAGE }: Page): Ask {
  return { type: 'history', of, name, before: before ?? null, limit }; // TAG-75
}

function change(what: Change, result: 200 | 201 | 205): Ask {
  return { type: 'change', change: what, outcome: done(result) };
}

function hashed(value: string): Password {
  return { form: 'sha256', value };
}
