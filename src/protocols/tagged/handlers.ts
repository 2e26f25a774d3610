import type {
  Profile,
  SettingsCommand,
  LoginOptions,
  SessionApi,
  MessageCommand,
} from '../../connections/session/session-api.ts';
import type { Post } from '../../core/services/messages.ts';
import type { Password } from '../../core/ports.ts';
import type { When } from '../request-gate.ts';
import { done, type Outcome } from './replies.ts';
import type { Font, FontParts, Up, UpOf } from './schema.ts';
import { completeFont } from './formats.ts';

const PAGE = 50;

/** What a request does: a call of the session API, or an answer at once. */
export type Action =
  | {
      readonly type: 'login';
      readonly name: string;
      readonly password: Password | null;
      readonly login: LoginOptions;
      readonly echo: boolean;
    }
  | {
      readonly type: 'register';
      readonly name: string;
      readonly displayName: string | null;
      readonly password: Password;
    }
  | { readonly type: 'leave' }
  | { readonly type: 'send'; readonly command: MessageCommand }
  | { readonly type: 'settings'; readonly command: SettingsCommand; readonly outcome: Outcome }
  | {
      readonly type: 'history';
      readonly of: 'user' | 'group';
      readonly name: string;
      readonly before: string | null;
      readonly limit: number;
    }
  | { readonly type: 'own-groups' }
  | { readonly type: 'groups'; readonly names: readonly string[] }
  | { readonly type: 'friends'; readonly profiles: readonly Profile[] }
  | { readonly type: 'users'; readonly profiles: readonly (Profile | null)[] };

type Page = { readonly before?: string; readonly limit?: number };

/** What a handler reads. */
export type View = { readonly font: Font; readonly api: Pick<SessionApi, 'profiles' | 'contacts'> };

type Handlers = {
  readonly [M in Up['message']]: { readonly when: When; readonly action: (request: UpOf<M>, view: View) => Action };
};

/** One line for each request. */
const handlers: Handlers = {
  login: { when: 'outside', action: login },
  logout: { when: 'always', action: () => ({ type: 'leave' }) }, // TAG-47
  register: { when: 'until-gone', action: register },
  'chat.user': { when: 'inside', action: chatUser },
  'chat.group': { when: 'inside', action: (request, view) => send('group', request, view) },
  'chat.edit': { when: 'inside', action: edit },
  'chat.delete': { when: 'inside', action: ({ id }) => ({ type: 'send', command: { type: 'delete', message: id } }) },
  'list.friends': { when: 'inside', action: (_, { api }) => ({ type: 'friends', profiles: api.contacts() }) },
  'list.groups': { when: 'inside', action: () => ({ type: 'own-groups' }) },
  'detail.users': {
    when: 'inside',
    action: ({ usernames }, { api }) => ({ type: 'users', profiles: api.profiles(usernames) }),
  },
  'detail.groups': { when: 'inside', action: ({ groupnames }) => ({ type: 'groups', names: groupnames }) },
  'me.name': {
    when: 'inside',
    action: ({ display_name: text }) => changeSettings({ type: 'display-name', text }, 200),
  },
  'me.status': { when: 'inside', action: ({ status: text }) => changeSettings({ type: 'status', text }, 200) },
  'me.password': {
    when: 'inside',
    action: (request) =>
      changeSettings({ type: 'password', old: hashed(request.old), fresh: hashed(request.new) }, 200),
  },
  'friend.add': {
    when: 'inside',
    action: ({ username: name }) => changeSettings({ type: 'contact', name, on: true }, 200),
  },
  'friend.remove': {
    when: 'inside',
    action: ({ username: name }) => changeSettings({ type: 'contact', name, on: false }, 205),
  },
  'block.add': {
    when: 'inside',
    action: ({ username: name }) => changeSettings({ type: 'block', name, on: true }, 200),
  },
  'block.remove': {
    when: 'inside',
    action: ({ username: name }) => changeSettings({ type: 'block', name, on: false }, 205),
  },
  'group.create': {
    when: 'inside',
    action: ({ groupname: name, display_name }) =>
      changeSettings({ type: 'create-group', name, displayName: display_name ?? null }, 201), // TAG-57
  },
  'group.join': { when: 'inside', action: ({ groupname: name }) => changeSettings({ type: 'join-group', name }, 200) },
  'group.leave': {
    when: 'inside',
    action: ({ groupname: name }) => changeSettings({ type: 'leave-group', name }, 205),
  },
  'history.user': { when: 'inside', action: (request) => history('user', request.username, request) },
  'history.group': { when: 'inside', action: (request) => history('group', request.groupname, request) },
};

/** When a request of this name is taken; what is no known request needs a login like all others. */
export function whenTaken(message: string | null): When {
  return message !== null && Object.hasOwn(handlers, message) ? handlers[message as Up['message']].when : 'inside'; // TAG-26
}

/** Looks a request up in the table. */
export function handlerOf<M extends Up['message']>(
  request: UpOf<M>,
): { readonly when: When; action(view: View): Action } {
  const handler: Handlers[M] = handlers[request.message];
  return { when: handler.when, action: (view) => handler.action(request, view) };
}

function login({ username, password, initial_status, echo = false }: UpOf<'login'>): Action {
  const login = { acceptsDirect: true, status: initial_status ?? null, lobby: false }; // TAG-46
  return { type: 'login', name: username, password: password === undefined ? null : hashed(password), login, echo }; // TAG-43
}

function register({ username, password, display_name }: UpOf<'register'>): Action {
  return { type: 'register', name: username, displayName: display_name ?? null, password: hashed(password) };
}

/** Users and groups share one name space, so a name that no user has may belong to a group. */
function chatUser(request: UpOf<'chat.user'>, view: View): Action {
  const [user = null] = view.api.profiles([request.to]);
  return send(user === null ? 'group' : 'direct', request, view); // TAG-71
}

function send(type: 'direct' | 'group', request: UpOf<'chat.user' | 'chat.group'>, { font }: View): Action {
  const { to, body, timestamp, nonce } = request;
  const post: Post = {
    text: body,
    clientTime: timestamp,
    ...fontOf(request.font, font),
    ...(nonce === undefined ? {} : { nonce }), // TAG-74
  };
  return { type: 'send', command: { type, to, post } };
}

function edit({ id, body, font: parts }: UpOf<'chat.edit'>, { font }: View): Action {
  return { type: 'send', command: { type: 'edit', message: id, text: body, ...fontOf(parts, font) } };
}

/** A font without a valid part counts as no font, so that the default of the day applies to it. */
function fontOf(parts: FontParts | undefined, byDefault: Font): { font?: Font } {
  const fits = parts !== undefined && Object.keys(parts).length > 0; // TAG-17
  return fits ? { font: completeFont(parts, byDefault) } : {};
}

function history(of: 'user' | 'group', name: string, { before, limit = PAGE }: Page): Action {
  return { type: 'history', of, name, before: before ?? null, limit }; // TAG-75
}

function changeSettings(command: SettingsCommand, result: 200 | 201 | 205): Action {
  return { type: 'settings', command, outcome: done(result) };
}

function hashed(value: string): Password {
  return { type: 'sha256', value };
}
