import type { SessionApi, MessageCommand } from '../../connections/session/session-api.ts';
import { parseName } from '../../core/text/names/parse.ts';
import { firstFitting } from '../list-limit.ts';
import { readSlash } from '../slash-commands.ts';
import { MAX_BYTES, writeDown } from './codec.ts';
import { failed, succeeded } from './replies.ts';
import type { Status, Up, UpOf } from './schema.ts';

/** What a command comes to: something asked of the peer, or an answer at once. */
export type Action =
  | { readonly type: 'enter'; readonly name: string; readonly password: string | null }
  | { readonly type: 'rename'; readonly name: string }
  | { readonly type: 'speak'; readonly command: MessageCommand }
  | { readonly type: 'leave' }
  | { readonly type: 'answer'; readonly status: Status };

/** What a handler may look at; it changes nothing. */
export type View = Pick<SessionApi, 'presentNames' | 'person'>;

/** When a command may come: `before` the person entered, `after`, or at any time. */
type When = 'before' | 'after' | 'always';

type Handlers = {
  readonly [C in Up['cmd']]: { readonly when: When; readonly action: (command: UpOf<C>, view: View) => Action };
};

/** One line a command: when it may come, and what it asks for. */
const handlers: Handlers = {
  connect: { when: 'before', action: connect },
  rename: { when: 'after', action: rename },
  'get-clients': { when: 'after', action: listClients },
  exit: { when: 'always', action: () => ({ type: 'leave' }) },
  msg: { when: 'after', action: say },
};

/** Looks a command up in the table. */
export function handlerOf<C extends Up['cmd']>(command: UpOf<C>): { readonly when: When; action(view: View): Action } {
  const handler: Handlers[C] = handlers[command.cmd];
  return { when: handler.when, action: (view) => handler.action(command, view) };
}

/** A command that is answered by no. */
export function refuse(reason: string): Extract<Action, { type: 'answer' }> {
  return { type: 'answer', status: failed(reason) };
}

function connect({ username, password }: UpOf<'connect'>): Action {
  return { type: 'enter', name: username, password: password ?? null };
}

/** The old name may be spelled as it was when it was taken, before it was brought into its form. */
function rename({ oldname, newname }: UpOf<'rename'>, { person }: View): Action {
  const old = parseName(oldname);
  const isOwn = old.ok && old.value.spelling === person?.name; // CODE-27
  return isOwn ? { type: 'rename', name: newname } : refuse('oldname is not your name'); // CODE-27
}

function say({ msg }: UpOf<'msg'>): Action {
  const meant = readSlash(msg);
  const said = (text: string) => ({ text, clientTime: null });
  switch (meant.type) {
    case 'one':
      return { type: 'speak', command: { type: 'direct', to: meant.to, post: said(meant.text) } }; // CODE-33
    case 'all':
      return { type: 'speak', command: { type: 'lobby', post: said(meant.text) } }; // CODE-30
    case 'unknown':
      return refuse(meant.reason); // CODE-31
  }
}

function listClients(_command: UpOf<'get-clients'>, view: View): Action {
  const clients = fitting(view.presentNames());
  return { type: 'answer', status: { ...succeeded(clients.join(', ')), clients: [...clients] } }; // CODE-28
}

/** The first names, as many as one answer holds: each is in its text and in its array, and the first has no commas there. */
function fitting(names: readonly string[]): readonly string[] {
  const room = MAX_BYTES - writeDown({ ...succeeded(), clients: [] }).length + ', ,'.length;
  return firstFitting(names, room, (name) => `, ${JSON.stringify(name).slice(1, -1)},${JSON.stringify(name)}`); // CODE-29
}
