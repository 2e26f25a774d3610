import type { SettingsCommand, MessageCommand } from '../../connections/session/session-api.ts';
import type { Password } from '../../core/ports.ts';
import type { Up, UpOf } from './schema.ts';

/** What a request does for the person whose name and token it carries. */
export type AuthorizedAction =
  | { readonly type: 'settings'; readonly command: SettingsCommand }
  | { readonly type: 'send'; readonly command: MessageCommand };

/** What a request does. */
export type Action =
  | { readonly type: 'register'; readonly name: string; readonly password: Password }
  | { readonly type: 'login'; readonly name: string; readonly password: Password }
  | { readonly type: 'logout'; readonly name: string }
  | { readonly type: 'do'; readonly name: string; readonly token: string; readonly action: AuthorizedAction };

type Handlers = { readonly [A in Up['action']]: (request: UpOf<A>) => Action };

/** One line for each action. All are taken at any time: the token, not the connection, says who asks. */
const handlers: Handlers = {
  register: ({ username, password }) => ({ type: 'register', name: username, password: plain(password) }),
  login: ({ username, password }) => ({ type: 'login', name: username, password: plain(password) }),
  logout: ({ username }) => ({ type: 'logout', name: username }),
  add_contact: (request) => changeSettings(request, { type: 'contact', name: request.contact, on: true }),
  create_group: (request) => changeSettings(request, { type: 'create-group', name: request.group, displayName: null }),
  join_group: (request) => changeSettings(request, { type: 'join-group', name: request.group }),
  whisper: (request) => send(request, { type: 'direct', to: request.recipient, post: post(request.content) }),
  msg_group: (request) => send(request, { type: 'group', to: request.group, post: post(request.content) }),
};

/** Looks a request up in the table. */
export function actionOf<A extends Up['action']>(request: UpOf<A>): Action {
  const action: Handlers[A] = handlers[request.action];
  return action(request);
}

type Credentials = { readonly username: string; readonly token: string };

function changeSettings({ username, token }: Credentials, command: SettingsCommand): Action {
  return { type: 'do', name: username, token, action: { type: 'settings', command } };
}

function send({ username, token }: Credentials, command: MessageCommand): Action {
  return { type: 'do', name: username, token, action: { type: 'send', command } };
}

/** Messages of msgpack carry no time of the client. */
function post(text: string) {
  return { text, clientTime: null };
}

function plain(value: string): Password {
  return { type: 'plain', value };
}
