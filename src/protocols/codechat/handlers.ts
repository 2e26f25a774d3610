import type { Peer, Speech } from '../../connections/peer.ts';
import { parseName } from '../../core/names/parse.ts';
import { firstFitting } from '../fitting.ts';
import { readSlash } from '../slash.ts';
import { MAX_BYTES, writeDown } from './codec.ts';
import { failed, succeeded } from './replies.ts';
import type { Status, Up, UpOf } from './schema.ts';

/** What a command comes to: something asked of the peer, or an answer at once. */
export type Ask =
  | { readonly type: 'enter'; readonly name: string; readonly password: string | null }
  | { readonly type: 'rename'; readonly name: string }
  | { readonly type: 'speak'; readonly speech: Speech }
  | { readonly type: 'leave' }
  | { readonly type: 'answer'; readonly status: Status };

/** What a handler may look at; it changes nothing. */
export type View = Pick<Peer, 'present' | 'person'>;

/** When a command may come: `before` the person entered, `after`, or at any time. */
type When = 'before' | 'after' | 'always';

type Handlers = {
  readonly [C in Up['cmd']]: { readonly when: When; readonly ask: (command: UpOf<C>, view: View) => Ask };
};

/** One line a command: when it may come, and what it asks for. */
const handlers: Handlers = {
  connect: { when: 'before', ask: connect },
  rename: { when: 'after', ask: rename },
  'get-clients': { when: 'after', ask: listClients },
  exit: { when: 'always', ask: () => ({ type: 'leave' }) },
  msg: { when: 'after', ask: say },
};

/** Looks a command up in the table. */
export function handlerOf<C extends Up['cmd']>(command: UpOf<C>): { readonly when: When; ask(view: View): Ask } {
  const handler: Handlers[C] = handlers[command.cmd];
  return { when: handler.when, ask: (view) => handler.ask(command, view) };
}

/** A command that is answered by no. */
export function refuse(reason: string): Extract<Ask, { type: 'answer' }> {
  return { type: 'answer', status: failed(reason) };
}

function connect({ username, password }: UpOf<'connect'>): Ask {
  return { type: 'enter', name: username, password: password ?? null };
}

/** The old name may be spelled as it was when it was taken, before it was brought into its form. */
function rename({ oldname, newname }: UpOf<'rename'>, { person }: View): Ask {
  const old = parseName(oldname);
  const isOwn = old.ok && old.value.shown === person?.name; // CODE-27
  return isOwn ? { type: 'rename', name: newname } : refuse('oldname is not your name'); // CODE-27
}

function say({ msg }: UpOf<'msg'>): Ask {
  const meant = readSlash(msg);
  const said = (text: string) => ({ text, clientTime: null });
  switch (meant.type) {
    case 'one':
      return { type: 'speak', speech: { type: 'direct', to: meant.to, post: said(meant.text) } }; // CODE-33
    case 'all':
      return { type: 'speak', speech: { type: 'lobby', post: said(meant.text) } }; // CODE-30
    case 'unknown':
      return refuse(meant.reason); // CODE-31
  }
}

function listClients(_command: UpOf<'get-clients'>, view: View): Ask {
  const clients = fitting(view.present());
  return { type: 'answer', status: { ...succeeded(clients.join(', ')), clients: [...clients] } }; // CODE-28
}

/** The first names, as many as one answer holds: each is in its text and in its array, and the first has no commas there. */
function fitting(names: readonly string[]): readonly string[] {
  const room = MAX_BYTES - writeDown({ ...succeeded(), clients: [] }).length + ', ,'.length;
  return firstFitting(names, room, (name) => `, ${JSON.stringify(name).slice(1, -1)},${JSON.stringify(name)}`); // CODE-29
}
