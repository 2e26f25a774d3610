import type { SessionApi } from '../../connections/session/session-api.ts';
import { parseName } from '../../core/text/names/parse.ts';
import { firstFitting } from '../list-limit.ts';
import type { Action, Handler } from '../lobby-session.ts';
import type { When } from '../request-gate.ts';
import { readSlash } from '../slash-commands.ts';
import { MAX_BYTES, writeDown } from './codec.ts';
import { failed, succeeded } from './replies.ts';
import type { Down, Up, UpOf } from './schema.ts';

type Handlers = {
  readonly [C in Up['cmd']]: {
    readonly when: When;
    readonly action: (command: UpOf<C>, api: SessionApi) => Action<Down>;
  };
};

/** One line for each command. */
const handlers: Handlers = {
  connect: { when: 'outside', action: connect },
  rename: { when: 'inside', action: rename },
  'get-clients': { when: 'inside', action: listClients },
  exit: { when: 'until-gone', action: () => ({ type: 'leave' }) }, // CODE-20
  msg: { when: 'inside', action: post },
};

/** Looks a command up in the table. */
export function handlerOf<C extends Up['cmd']>(command: UpOf<C>): Handler<Down> {
  const { when, action }: Handlers[C] = handlers[command.cmd];
  return { when, action: (api) => action(command, api) };
}

function connect({ username, password, echo = false }: UpOf<'connect'>): Action<Down> {
  return { type: 'enter', name: username, password: password ?? null, echo };
}

/** The old name may be spelled as it was when it was taken, before the server normalized it. */
function rename({ oldname, newname }: UpOf<'rename'>, { person }: SessionApi): Action<Down> {
  const old = parseName(oldname);
  const isOwn = old.ok && old.value.spelling === person?.name; // CODE-27
  return isOwn ? { type: 'rename', name: newname } : answer(failed('oldname is not your name')); // CODE-27
}

function post({ msg }: UpOf<'msg'>): Action<Down> {
  const read = readSlash(msg);
  const postOf = (text: string) => ({ text, clientTime: null });
  switch (read.type) {
    case 'direct':
      return { type: 'send', command: { type: 'direct', to: read.to, post: postOf(read.text) } }; // CODE-33
    case 'lobby':
      return { type: 'send', command: { type: 'lobby', post: postOf(read.text) } }; // CODE-30
    case 'unknown':
      return answer(failed(read.reason)); // CODE-31
  }
}

function listClients(_command: UpOf<'get-clients'>, api: SessionApi): Action<Down> {
  const clients = namesThatFit(api.presentNames());
  return answer({ ...succeeded(clients.join(', ')), clients: [...clients] }); // CODE-28
}

/**
 * The first names, as many as one answer holds. Each name is in the text and in the array of the answer; the first one has
 * no comma before it.
 */
function namesThatFit(names: readonly string[]): readonly string[] {
  const room = MAX_BYTES - writeDown({ ...succeeded(), clients: [] }).length + ', ,'.length;
  return firstFitting(names, room, (name) => `, ${JSON.stringify(name).slice(1, -1)},${JSON.stringify(name)}`); // CODE-29
}

function answer(message: Down): Action<Down> {
  return { type: 'answer', message };
}
